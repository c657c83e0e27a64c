"""What each container of an environment can do with its own rights in AWS beyond what it is for."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.contract import COMMAND, WORKER
from compiler.deliveries.roster import delivery_of
from spec.environment import Environment
from tests.life.enforcement.deployed import Deployed

PROGRAM = """
import json, os, sys
from botocore import session as sessions
from botocore.config import Config
from botocore.exceptions import ConnectTimeoutError, ReadTimeoutError
region, cluster, family, targets = json.loads(sys.argv[1])
session = sessions.get_session()
patience = Config(connect_timeout=5, read_timeout=5, retries={"total_max_attempts": 2})
silent = set()
def client(service):
    return session.create_client(service, region_name=region, config=patience)
def code_of(error):
    return getattr(error, "response", {}).get("Error", {}).get("Code", "")
def can(service, call, **request):
    if service in silent:
        return False
    try:
        getattr(client(service), call)(**request)
    except (ConnectTimeoutError, ReadTimeoutError):
        silent.add(service)
        return False
    except Exception as error:
        if code_of(error) not in ("AccessDenied", "AccessDeniedException"):
            raise
        return False
    return True
def passes(role):
    overrides = {"taskRoleArn": role, "containerOverrides": [{"name": "airflow", "command": ["true"]}]}
    network = {"awsvpcConfiguration": {"subnets": ["subnet-0"]}}
    try:
        return can("ecs", "run_task", cluster=cluster, taskDefinition=family, overrides=overrides,
            launchType="FARGATE", networkConfiguration=network)
    except Exception as error:
        if not code_of(error):
            raise
        return True
tries = {
    "secret": lambda one: can("secretsmanager", "get_secret_value", SecretId=one),
    "assume": lambda one: can("sts", "assume_role", RoleArn=one, RoleSessionName="escalation"),
    "pass": passes,
    "bucket": lambda one: can("s3", "list_objects_v2", Bucket=one),
    "log group": lambda one: can("logs", "filter_log_events", logGroupName=one),
    "parameter": lambda one: can("ssm", "get_parameter", Name=one),
}
found = {kind: [name for name, one in names.items() if tries[kind](one)] for kind, names in targets.items()}
print("ESCALATION" + json.dumps(found))
"""
KINDS = {
    "secret": "reads secrets",
    "assume": "assumes roles",
    "pass": "starts a task with roles",
    "bucket": "lists buckets",
    "log group": "reads log groups",
    "parameter": "reads parameters",
}
PAGE = """# What containers of {name} can reach in AWS

Each container of `{file}` tried, in a rehearsal and with its own role, every secret, role, bucket, log group and
parameter of the account. This is what succeeded. `make endurance` compares this page with what it sees.

| container | {titles} |
|---|{rules}|
{rows}

Tried: {tried}.
"""

_ROW = re.compile(r"^\| ([a-z]\S*) \|(?! reads)", re.MULTILINE)


@dataclass(frozen=True)
class Reach:
    """What a container could do, by kind of target: names of the targets."""

    container: str
    found: Mapping[str, Sequence[str]]


def containers(env: Environment) -> tuple[str, ...]:
    """Return everything that runs in containers of its own: services, tasks of deploys, workers."""
    processes = tuple(process.name for process in env.processes)
    return (*processes, *delivery_of(env).tasks, COMMAND, *((WORKER,) if env.executor.has_workers else ()))


def named(page: str) -> tuple[str, ...]:
    """Read from a page which containers tried."""
    return tuple(_ROW.findall(page))


def targets(deployed: Deployed) -> Mapping[str, Mapping[str, str]]:
    """Return what there is in the account, by kind: its name in the page, and how a call names it."""
    names = {physical: logical for logical, physical in deployed.ids.items()}
    client = deployed.kept.client
    secrets = client("secretsmanager").list_secrets()["SecretList"]
    roles = client("iam").list_roles()["Roles"]
    buckets = client("s3").list_buckets()["Buckets"]
    groups = client("logs").describe_log_groups()["logGroups"]
    parameters = client("ssm").describe_parameters()["Parameters"]
    arns = {names.get(one["RoleName"], one["RoleName"]): one["Arn"] for one in roles}
    return {
        "secret": {names.get(one["ARN"], one["Name"]): one["ARN"] for one in secrets},
        "assume": arns,
        "pass": arns,
        "bucket": {names.get(one["Name"], one["Name"]): one["Name"] for one in buckets},
        "log group": {names.get(one["logGroupName"], one["logGroupName"]): one["logGroupName"] for one in groups},
        "parameter": {names.get(one["Name"], one["Name"]): one["Name"] for one in parameters},
    }


def reach(deployed: Deployed, container: str, every: Mapping[str, Mapping[str, str]]) -> Reach:
    """Let a new task of the container try everything."""
    definition = deployed.ids["WorkerTaskDefinition" if deployed.env.executor.has_workers else "CommandTaskDefinition"]
    asked = json.dumps([deployed.env.aws.region, deployed.ids["Cluster"], definition, every])
    lines = deployed.says(container, "python", "-c", PROGRAM, asked)
    (found,) = [line for line in lines if line.startswith("ESCALATION")]
    said: dict[str, Any] = json.loads(found.removeprefix("ESCALATION"))
    return Reach(container, said)


def render(name: str, file: str, every: Mapping[str, Mapping[str, str]], reaches: Sequence[Reach]) -> str:
    """Return the page."""
    return PAGE.format(
        name=name,
        file=file,
        titles=" | ".join(KINDS.values()),
        rules="|".join("---" for _ in KINDS),
        rows="\n".join(_rows(reaches)),
        tried=", ".join(f"{kind} {len(names)}" for kind, names in every.items()),
    )


def _rows(reaches: Sequence[Reach]) -> Iterator[str]:
    for one in reaches:
        cells = (", ".join(f"`{name}`" for name in sorted(one.found[kind])) or "none" for kind in KINDS)
        yield f"| {one.container} | {' | '.join(cells)} |"
