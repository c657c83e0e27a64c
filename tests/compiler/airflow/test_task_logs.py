"""Promises of the task logs: one place, known to every process, with a retention, and with the fate of all state."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.compile import compile_environment
from spec.reading.load import parse

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def _place(case: Case) -> dict[str, Any]:
    kinds = {"cloudwatch": "AWS::Logs::LogGroup", "s3": "AWS::S3::Bucket"}
    title = {"cloudwatch": "TaskLogGroup", "s3": "TaskLogBucket"}[case.env.remote_logs]
    return dict(case.resources(kinds[case.env.remote_logs])[title])


def test_task_logs_have_a_retention(workers: Case) -> None:
    """AWS deletes lines that are older than the YAML says, from the group as from the bucket."""
    properties, days = _place(workers)["Properties"], workers.env.logs.retention_days
    if workers.env.remote_logs == "cloudwatch":
        assert properties["RetentionInDays"] == days
    else:
        assert [rule["ExpirationInDays"] for rule in properties["LifecycleConfiguration"]["Rules"]] == [days]


def test_task_logs_are_kept_only_with_protect(workers: Case) -> None:
    """A protected environment keeps them, any other deletes them."""
    assert _place(workers)["DeletionPolicy"] == ("RetainExceptOnCreate" if workers.env.protect else "Delete")


def test_every_container_has_the_place_of_task_logs(workers: Case) -> None:
    """Writers and readers name one place, and need no connection of Airflow's to reach it."""
    for title, definition in workers.resources("AWS::ECS::TaskDefinition").items():
        (container,) = definition["Properties"]["ContainerDefinitions"]
        variables = {each["Name"]: each["Value"] for each in container["Environment"]}
        if title != "SyncTaskDefinition":
            place = variables["AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER"]["Fn::Sub"]
            assert place.startswith({"cloudwatch": "cloudwatch://arn:", "s3": "s3://"}[workers.env.remote_logs])
            assert variables["AIRFLOW__LOGGING__REMOTE_LOGGING"] == "True"
            assert variables["AIRFLOW__LOGGING__REMOTE_LOG_CONN_ID"] == ""


def test_only_code_does_not_expire(workers: Case) -> None:
    """The bucket of the code keeps what was pushed, however old it is."""
    rules = workers.resources("AWS::S3::Bucket")["CodeBucket"]["Properties"]["LifecycleConfiguration"]["Rules"]
    assert not any("ExpirationInDays" in rule for rule in rules)


def test_logs_of_local_tasks_may_be_remote() -> None:
    """`logs.remote` is not for workers alone: every process has the place, by name and not by connection."""
    text = """\
name: demo
aws: {account: "123456789012", region: us-west-2}
airflow: {version: 2.5.3, python: "3.10"}
network: {allowed_cidrs: [203.0.113.0/24]}
logs: {remote: cloudwatch}
"""
    services = compile_environment(parse(text, "env.yaml")).files["services.yaml"]
    assert services.count("log-group:${TaskLogGroup}") == 2
    assert services.count("AIRFLOW__AWS__CLOUDWATCH_TASK_HANDLER_JSON_SERIALIZER") == 2
