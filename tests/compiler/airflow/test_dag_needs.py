"""What DAGs need reaches every container of Airflow, and nobody gets more rights than for that."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from compiler.airflow.dag_needs import backend_options, granted_permissions
from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from compiler.resources.credentials import read_permissions
from tests.spec.minimal import ECS, PYTHON, minimal

if TYPE_CHECKING:
    from spec.environment import Environment
    from tests.compiler.conftest import Case

GRANTED = 'statements: [{actions: ["s3:GetObject"], resources: ["arn:aws:s3:::lake/*"]}]'
TASK, WORKER = "TaskRole", "WorkerRole"


def test_every_container_of_airflow_has_variables_and_secrets(largest: Case, workers: Case) -> None:
    """Workers and one-off commands too."""
    for case in (largest, workers):
        wanted = set(case.env.airflow.secret_sources)
        for name, definition in case.resources("AWS::ECS::TaskDefinition").items():
            (container,) = definition["Properties"]["ContainerDefinitions"]
            if container["Name"] == "airflow":
                assert wanted <= {secret["Name"] for secret in container.get("Secrets", ())}, name
                variables = {each["Name"]: each["Value"] for each in container["Environment"]}
                assert case.env.airflow.env_vars.items() <= variables.items(), name


def test_a_secret_is_named_as_ecs_reads_it(largest: Case) -> None:
    """A name becomes an ARN of this account and region, and a key stands behind it."""
    given = {each["Name"]: each["ValueFrom"] for each in largest.container_of("Scheduler")["Secrets"]}
    here = "${AWS::Region}:${AWS::AccountId}"
    assert given["API_TOKEN"] == {"Fn::Sub": f"arn:${{AWS::Partition}}:ssm:{here}:parameter/data/token"}
    secret = f"arn:${{AWS::Partition}}:secretsmanager:{here}:secret:data/sentry:dsn::"
    assert given["AIRFLOW__SENTRY__SENTRY_DSN"] == {"Fn::Sub": secret}
    assert given["AIRFLOW_CONN_LAKE"].endswith(":secret:lake-AbCdEf:address::")


def test_ecs_may_read_exactly_the_secrets_that_are_named(largest: Case) -> None:
    """By their ARNs, whose last six characters nobody knows beforehand."""
    secrets, parameters = read_permissions(largest.env.secret_sources.values(), "ecs", "why")
    ends = [resource.rpartition(":secret:")[2] for resource in secrets.resources]
    assert ends == ["data/sentry-??????", "data/warehouse-??????", "lake-AbCdEf"]
    assert parameters.actions == ("ssm:GetParameters",)
    assert [resource.rpartition(":parameter/")[2] for resource in parameters.resources] == ["data/token", "data/limits"]


def test_a_secrets_backend_reads_below_its_prefixes_alone(largest: Case) -> None:
    """Airflow asks it for no option, and every role of Airflow may read there."""
    kwargs = json.loads(str(backend_options(largest.env)["secrets"]["backend_kwargs"]))
    assert kwargs == {
        "connections_prefix": "data/connections",
        "variables_prefix": "data/variables",
        "config_prefix": None,
    }
    for role in (TASK, "ReaderRole"):
        resources = _statement(_roles(largest.env)[role], "ReadConnectionsAndVariables")["Resource"]
        assert [each["Fn::Sub"].rpartition(":secret:")[2] for each in resources] == [
            "data/connections/*",
            "data/variables/*",
        ]


def test_the_role_that_runs_tasks_gets_what_dags_may_do() -> None:
    """With the local executor that is the scheduler's; nobody else's."""
    roles = _roles(minimal(PYTHON, f"{PYTHON}, {GRANTED}"))
    assert [name for name, role in roles.items() if _granted(role)] == [TASK]


def test_workers_and_the_triggerer_get_what_dags_may_do() -> None:
    """With the ECS executor; without a triggerer workers alone, and never the scheduler."""
    executor = f"{ECS}, {GRANTED}"
    roles = _roles(minimal(PYTHON, executor, more="services: {triggerer: {cpu: 256, memory: 1024}}\n"))
    assert sorted(name for name, role in roles.items() if _granted(role)) == [TASK, WORKER]
    roles = _roles(minimal(PYTHON, executor))
    assert [name for name, role in roles.items() if _granted(role)] == [WORKER]


def test_managed_policies_go_where_statements_go(largest: Case, workers: Case) -> None:
    """Those of `workers` come after them."""
    read = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    assert {name: role.get("ManagedPolicyArns", []) for name, role in _roles(largest.env).items() if name == TASK} == {
        TASK: [read]
    }
    own, added = workers.env.airflow.policies, workers.env.workers_or_default.policies
    assert _roles(workers.env)[WORKER].get("ManagedPolicyArns", []) == [*own, *added]


def test_an_environment_without_needs_has_no_statement_for_them() -> None:
    """Templates of environments that stand do not change."""
    env = minimal()
    assert list(read_permissions(env.secret_sources.values(), "ecs", "why")) == []
    assert list(granted_permissions(env, "scheduler")) == []
    assert backend_options(env) == {}


def _roles(env: Environment) -> dict[str, Any]:
    template = read_template(compile_environment(env).files["platform.yaml"])
    return {
        name: resource["Properties"]
        for name, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
    }


def _statement(role: dict[str, Any], sid: str) -> dict[str, Any]:
    (policy,) = role["Policies"]
    found: dict[str, Any] = next((one for one in policy["PolicyDocument"]["Statement"] if one["Sid"] == sid), {})
    return found


def _granted(role: dict[str, Any]) -> bool:
    return bool(_statement(role, "Granted1"))
