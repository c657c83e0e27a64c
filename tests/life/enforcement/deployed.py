"""An environment in a kept rehearsal: its parts by their names in the table of connections."""

import json
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from acceptance import sessions
from acceptance.airflow.clients import web_facts
from acceptance.deploy_principal import USER
from acceptance.emulated_aws import session_of
from cli.terminal.cache_dir import cache_root
from compiler.contract import (
    BOOTSTRAP_STACK,
    CURRENT_RELEASE,
    RELEASE_REPORT,
    RUNTIME_PACKAGE,
    SYNC,
    RootOutput,
    title,
    worker_family,
)
from compiler.model import stack_values as values
from deployer.aws.session import Session, open_session
from rehearsal.clients.airflow_client import AirflowClient
from rehearsal.emulator.iam import usage
from rehearsal.emulator.rules import flow_log, refusals
from rehearsal.emulator.rules.flow_log import Passed
from rehearsal.session.emulator_session import EmulatorSession
from spec.environment import Environment
from spec.reading.load import load
from tests.life.enforcement.workers import Workers
from tests.life.kept import Kept

TASK_SECONDS = 60.0
VARIABLE = "of-a-trial"
READ_VARIABLE = """
import sys
from airflow.configuration import ensure_secrets_loaded
sys.exit(not ensure_secrets_loaded()[0].get_variable(sys.argv[1]))
"""
"""The backend of the YAML comes first, before those of Airflow itself."""
REPORT_RELEASE = f"""
import json, sys
from {RUNTIME_PACKAGE}.release_store import report
report(json.loads(sys.argv[1]))
"""
POLL_SECONDS = 0.1


@dataclass(frozen=True)
class Deployed:
    """The environment, and how to look into it."""

    kept: Kept

    @cached_property
    def env(self) -> Environment:
        """The environment as its YAML says."""
        return load(self.kept.environment)

    @cached_property
    def emulator(self) -> EmulatorSession:
        """The emulator that it runs in."""
        found = sessions.find_kept(cache_root(os.environ), self.kept.variables["AWS_ENDPOINT_URL"])
        assert found is not None
        return found

    @cached_property
    def owner(self) -> Session:
        """The session of the owner of the account, who may do everything."""
        return session_of(self.env, self.emulator)

    @cached_property
    def principal_keys(self) -> tuple[str, str]:
        """Access key and secret key of the user who has deployed it: the policies of `windsock policy` are theirs."""
        key = self.kept.client("iam").create_access_key(UserName=USER)["AccessKey"]
        return str(key["AccessKeyId"]), str(key["SecretAccessKey"])

    @cached_property
    def principal(self) -> Session:
        """The session of that user."""
        access_key, secret_key = self.principal_keys
        endpoint = self.emulator.endpoint_url
        return open_session(self.env.aws.region, endpoint_url=endpoint, access_key=access_key, secret_key=secret_key)

    @cached_property
    def workers(self) -> Workers:
        """Airflow, and the tasks of ECS in which it runs its own."""
        client = AirflowClient(self.kept.web_url, web_facts(self.env))
        client.identify(self.env.auth.first_user.username, self.kept.admin_password())
        return Workers(
            client=client,
            ecs=self.kept.client("ecs"),
            cluster=self.ids["Cluster"],
            family=worker_family(self.env),
            refused_since=self._refused_since,
        )

    @cached_property
    def passed(self) -> tuple[Passed, ...]:
        """The connections that passed until somebody asked for the first time."""
        return flow_log.read(self.emulator.directory)

    @cached_property
    def used(self) -> tuple[usage.Use, ...]:
        """The statements that had allowed something until somebody asked for the first time."""
        return usage.read(self.emulator.directory)

    @cached_property
    def subnets_of_tasks(self) -> frozenset[str]:
        """The subnets in which tasks had started until somebody asked for the first time."""
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        listed = (ecs.list_tasks(cluster=cluster, desiredStatus=status) for status in ("RUNNING", "STOPPED"))
        pages = (page["taskArns"] for page in listed if page["taskArns"])
        tasks = [one for arns in pages for one in ecs.describe_tasks(cluster=cluster, tasks=arns)["tasks"]]
        details = (each for one in tasks if "startedAt" in one for each in one["attachments"][0]["details"])
        return frozenset(each["value"] for each in details if each["name"] == "subnetId")

    @cached_property
    def ids(self) -> dict[str, str]:
        """The physical id of each resource of its stacks, by logical id; what a trial puts back may have another.

        Those of the network that it shares are among them.
        """
        shared = self.env.network.shared
        return {**(dict(self._resources(shared.name)) if shared else {}), **dict(self._resources(self.env.name))}

    @cached_property
    def roles(self) -> tuple[tuple[str, str], ...]:
        """Logical and physical id of each role, that of the toolkit too; stacks may use the same logical id."""
        every = (*self._resources(self.env.name), *self._resources(BOOTSTRAP_STACK))
        return tuple(sorted(one for one in every if one[0].endswith("Role")))

    @cached_property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of its root stack."""
        (stack,) = self.kept.client("cloudformation").describe_stacks(StackName=self.env.name)["Stacks"]
        return {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}

    @cached_property
    def services(self) -> Mapping[str, Mapping[str, Any]]:
        """What ECS says of each service, by the title of its process."""
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        arns = ecs.list_services(cluster=cluster)["serviceArns"]
        found = ecs.describe_services(cluster=cluster, services=arns)["services"]
        return {name: one for one in found for name, identity in self.ids.items() if one["serviceArn"] == identity}

    def service(self, name: str) -> Mapping[str, Any] | None:
        """Return the service of a process; None for what runs in tasks of its own."""
        return self.services.get(f"{title(name)}Service")

    def starts(self, name: str, subnets: Sequence[str] = ()) -> bool:
        """Whether a new task of a process starts, in any subnet of tasks or in these; it is stopped at once."""
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        task = self._run(name, [], subnets)
        ended = self._wait(task, {"RUNNING", "DEACTIVATING", "STOPPED"})
        ecs.stop_task(cluster=cluster, task=task)
        return str(ended.get("stopCode")) != "TaskFailedToStart"

    def syncs(self) -> bool:
        """Whether the sync task succeeds; where a `ttl` empties the bucket, it names the release meanwhile."""
        if not self.env.ttl:
            return self.runs(SYNC)
        state = self.kept.client("ssm").get_parameter(Name=self.ids[RootOutput.DEPLOY_STATE])["Parameter"]["Value"]
        pointer = json.dumps({"version": json.loads(state)["code"]}).encode()
        s3, where = self.kept.client("s3"), {"Bucket": self.ids["CodeBucket"], "Key": CURRENT_RELEASE}
        s3.put_object(**where, Body=pointer, IfNoneMatch="*")
        try:
            return self.runs(SYNC)
        finally:
            s3.delete_object(**where)

    def reports_release(self, name: str) -> bool:
        """Whether a process may say what Airflow made of the current release; a new task says the same again."""
        where = {"Bucket": self.ids["CodeBucket"], "Key": RELEASE_REPORT}
        told = self.kept.client("s3").get_object(**where)["Body"].read().decode()
        return self.runs(name, "python", "-c", REPORT_RELEASE, told)

    def finds_variable(self, name: str) -> bool:
        """Whether a process finds a variable in Secrets Manager; one is there meanwhile."""
        backend, secrets = self.env.airflow.secrets_backend, self.kept.client("secretsmanager")
        assert backend is not None
        secret = f"{backend.variables}/{VARIABLE}"
        secrets.create_secret(Name=secret, SecretString="found")
        try:
            return self.runs(name, "python", "-c", READ_VARIABLE, VARIABLE)
        finally:
            secrets.delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)

    def has_agent(self, name: str) -> bool:
        """Whether the agent of ECS Exec runs in a new task of a process; the task is stopped at once."""
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        task = self._run(name, [], enableExecuteCommand=True)
        described = self._wait(task, {"RUNNING", "DEACTIVATING", "STOPPED"})
        ecs.stop_task(cluster=cluster, task=task)
        agents = [agent for one in described["containers"] for agent in one.get("managedAgents", ())]
        return [agent["lastStatus"] for agent in agents] == ["RUNNING"]

    def runs(self, name: str, *command: str) -> bool:
        """Whether a command succeeds in a new task of a process, with the variables and the network of the others."""
        ended = self._wait(self._run(name, command), {"STOPPED"})
        return [one.get("exitCode") for one in ended["containers"]] == [0]

    def says(self, name: str, *command: str) -> Sequence[str]:
        """Return the lines that a command writes in a new task of a process."""
        task = self._run(name, command)
        ended = self._wait(task, {"STOPPED"})
        described = self.kept.client("ecs").describe_task_definition(taskDefinition=ended["taskDefinitionArn"])
        (container,) = described["taskDefinition"]["containerDefinitions"]
        options = container["logConfiguration"]["options"]
        stream = f"{options['awslogs-stream-prefix']}/{container['name']}/{task.rpartition('/')[2]}"
        events = self.kept.client("logs").get_log_events(
            logGroupName=options["awslogs-group"], logStreamName=stream, startFromHead=True
        )["events"]
        lines = [event["message"] for event in events]
        assert [one.get("exitCode") for one in ended["containers"]] == [0], lines
        return lines

    def address(self, name: str) -> str:
        """Return the address of the running task of a process."""
        (arn, *_) = self._tasks(name)
        (task,) = self.kept.client("ecs").describe_tasks(cluster=self.ids["Cluster"], tasks=[arn])["tasks"]
        details = {one["name"]: one["value"] for one in task["attachments"][0]["details"]}
        return str(details["privateIPv4Address"])

    def group(self, name: str) -> str:
        """Return the security group of a part of the environment."""
        return self.ids[values.security_group_of(name).title]

    def _refused_since(self, moment: float) -> Iterator[float]:
        return (one.time for one in refusals.read(self.emulator.directory, since=moment))

    def _tasks(self, name: str) -> Sequence[str]:
        service = self.service(name)
        assert service is not None
        ecs, cluster = self.kept.client("ecs"), self.ids["Cluster"]
        arns: list[str] = ecs.list_tasks(cluster=cluster, serviceName=service["serviceName"])["taskArns"]
        return arns

    def _run(self, name: str, command: Sequence[str], subnets: Sequence[str] = (), **options: Any) -> str:
        service = self.service(name)
        definition = service["taskDefinition"] if service else self.ids[f"{title(name)}TaskDefinition"]
        described = self.kept.client("ecs").describe_task_definition(taskDefinition=definition)["taskDefinition"]
        container = described["containerDefinitions"][0]["name"]
        where = {"subnets": subnets or self.outputs[RootOutput.TASK_SUBNETS].split(",")}
        public = "ENABLED" if self.env.network.public_addresses else "DISABLED"
        network = {**where, "securityGroups": [self.group(name)], "assignPublicIp": public}
        overrides = [{"name": container, "command": list(command)}] if command else []
        run = self.kept.client("ecs").run_task(
            cluster=self.ids["Cluster"],
            taskDefinition=definition,
            launchType="FARGATE",
            networkConfiguration={"awsvpcConfiguration": network},
            overrides={"containerOverrides": overrides},
            **options,
        )
        return str(run["tasks"][0]["taskArn"])

    def _wait(self, task: str, statuses: set[str]) -> dict[str, Any]:
        ecs, deadline = self.kept.client("ecs"), time.monotonic() + TASK_SECONDS
        while True:
            described = ecs.describe_tasks(cluster=self.ids["Cluster"], tasks=[task])["tasks"]
            if described and described[0]["lastStatus"] in statuses:
                return dict(described[0])
            assert time.monotonic() < deadline, described
            time.sleep(POLL_SECONDS)

    def _resources(self, stack: str) -> Iterator[tuple[str, str]]:
        cloudformation = self.kept.client("cloudformation")
        for page in cloudformation.get_paginator("list_stack_resources").paginate(StackName=stack):
            for one in page["StackResourceSummaries"]:
                yield one["LogicalResourceId"], one["PhysicalResourceId"]
                if one["ResourceType"] == "AWS::CloudFormation::Stack":
                    yield from self._resources(one["PhysicalResourceId"])
