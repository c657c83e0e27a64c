"""Promises of the roles: explicit actions, explicit resources, and trust in nobody but this account's tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.airflow.roles import task_role_permissions
from compiler.contract import COMMAND
from tests.spec.minimal import minimal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.compiler.conftest import Case

ROLE = "AWS::IAM::Role"

WITHOUT_ARN = {
    "ecr:GetAuthorizationToken",
    "rds:DescribeDBInstances",
    "rds:DescribeDBSnapshots",
    "logs:DescribeLogGroups",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
}
"""The only actions for which IAM knows no resource, or AWS asks without one."""

OF_AWS = {"BackupRole", "SchedulesRole"}
"""Roles that a service of AWS assumes for itself."""


def _statements(case: Case) -> Iterator[tuple[str, dict[str, Any]]]:
    for title, role in case.resources(ROLE).items():
        for policy in role["Properties"]["Policies"]:
            for statement in policy["PolicyDocument"]["Statement"]:
                yield title, statement


def _actions(case: Case, role: str) -> set[str]:
    return {action for title, statement in _statements(case) if title == role for action in statement["Action"]}


def test_no_role_may_do_everything(case: Case) -> None:
    """No allowed action has a wildcard; a wildcard resource appears only where IAM knows no narrower one."""
    for title, statement in _statements(case):
        assert statement["Effect"] == "Allow"
        assert not any("*" in action for action in statement["Action"]), title
        if "*" in statement["Resource"]:
            assert set(statement["Action"]) <= WITHOUT_ARN, title


def test_no_role_has_a_managed_policy_but_those_of_the_yaml(case: Case) -> None:
    """The template holds every other permission for review; only who runs DAGs gets the policies that it names."""
    of_workers = case.env.workers.policies if case.env.workers else ()
    of_dags = {"TaskRole": case.env.airflow.policies, "WorkerRole": (*case.env.airflow.policies, *of_workers)}
    for title, role in case.resources(ROLE).items():
        assert tuple(role["Properties"].get("ManagedPolicyArns", ())) == of_dags.get(title, ())


def test_only_tasks_of_this_account_assume_a_role(case: Case) -> None:
    """The trust names the service, the account and the region."""
    roles = {title: role for title, role in case.resources(ROLE).items() if title not in OF_AWS}
    for role in roles.values():
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert "ArnLike" in trust["Condition"]


def test_the_execution_role_reads_exactly_the_secrets(case: Case) -> None:
    """ECS may read the secrets of this environment, each by its ARN, and may not list any."""
    (statement,) = (s for title, s in _statements(case) if (title, s["Sid"]) == ("ExecutionRole", "ReadSecrets"))
    secrets = case.resources("AWS::SecretsManager::Secret")
    assert {resource["Ref"] for resource in statement["Resource"]} == set(secrets)


def test_the_execution_role_creates_no_log_group(case: Case) -> None:
    """A group made by a late task would outlive the environment: writing needs the group to be there."""
    assert "logs:CreateLogGroup" not in _actions(case, "ExecutionRole")


def test_only_the_sync_task_writes_code(mounted: Case) -> None:
    """Airflow may write to the directory of task logs alone, the sync task to those of code, a database to its own."""
    writers = {
        title: [arn["Fn::Sub"] for arn in statement["Condition"]["StringEquals"]["elasticfilesystem:AccessPointArn"]]
        for title, statement in _statements(mounted)
        if "elasticfilesystem:ClientWrite" in statement["Action"]
    }
    access_points = {title: [arn.rpartition("${")[2].rstrip("}") for arn in arns] for title, arns in writers.items()}
    with_workers = ("TaskRole", "WorkerRole", "SchedulerRole") if mounted.env.executor.has_workers else ("TaskRole",)
    database = {"DatabaseRole": ["DatabaseAccessPoint"]} if "DatabaseRole" in access_points else {}
    assert access_points == {
        **database,
        **{role: ["LogsAccessPoint"] for role in with_workers},
        "SyncRole": ["DagsAccessPoint", "PluginsAccessPoint", "ConfigAccessPoint"],
    }


def test_the_sync_task_reads_code_alone(mounted: Case) -> None:
    """Of the bucket it reads releases and which is current, and it writes nothing there."""
    statements = {s["Sid"]: s for title, s in _statements(mounted) if title == "SyncRole"}
    bucket = "arn:${AWS::Partition}:s3:::${CodeBucket}"
    readable = [{"Fn::Sub": f"{bucket}/{key}"} for key in ("releases/*", "current.json")]
    assert statements["ReadReleases"]["Resource"] == readable
    assert {action for action in _actions(mounted, "SyncRole") if action.startswith("s3:")} == {"s3:GetObject"}


def test_the_scheduler_starts_workers_and_nothing_else(workers: Case) -> None:
    """It runs one family in one cluster, stops and tags what runs there, and hands on exactly the workers' roles."""
    granted = {s["Sid"]: s for title, s in _statements(workers) if title == "SchedulerRole"}
    family = f"task-definition/{workers.env.name}-worker:*"
    assert granted["RunWorkers"]["Action"] == ["ecs:RunTask"]
    assert granted["RunWorkers"]["Resource"][0]["Fn::Sub"].endswith(family)
    assert granted["RunWorkers"]["Condition"] == {"ArnEquals": {"ecs:cluster": {"Fn::GetAtt": "Cluster.Arn"}}}
    assert granted["FollowWorkers"]["Action"] == ["ecs:DescribeTasks", "ecs:StopTask"]
    assert granted["FollowWorkers"]["Resource"][0]["Fn::Sub"].endswith(":task/${Cluster}/*")
    assert granted["TagWorkers"]["Condition"] == {"StringEquals": {"ecs:CreateAction": "RunTask"}}
    assert granted["HandRolesToWorkers"]["Resource"] == [
        {"Fn::GetAtt": "WorkerExecutionRole.Arn"},
        {"Fn::GetAtt": "WorkerRole.Arn"},
    ]
    passed = {"StringEquals": {"iam:PassedToService": "ecs-tasks.amazonaws.com"}}
    assert granted["HandRolesToWorkers"]["Condition"] == passed


def test_a_role_that_can_be_handed_to_a_worker_reads_only_its_secrets(workers: Case) -> None:
    """Overrides of RunTask may name it as the task role: it reads what a worker has in its environment, if anything."""
    granted = {s["Sid"]: s for title, s in _statements(workers) if title == "WorkerExecutionRole"}
    worker = workers.parsed["platform.yaml"]["Resources"]["WorkerTaskDefinition"]["Properties"]
    (container,) = worker["ContainerDefinitions"]
    injected = " ".join(str(secret["ValueFrom"]) for secret in container.get("Secrets", ()))
    assert all(arn["Ref"] in injected for arn in granted.get("ReadSecrets", {}).get("Resource", ()))
    named = [arn["Fn::Sub"].removesuffix("-??????") for arn in granted.get("ReadNamedSecrets", {}).get("Resource", ())]
    assert all(name in injected for name in named)
    assert bool({"ReadSecrets", "ReadNamedSecrets"} & granted.keys()) is bool(injected)


def test_no_other_role_starts_tasks(case: Case) -> None:
    """Without workers no role may start a task; with them the scheduler's alone."""
    starters = {title for title, s in _statements(case) if "ecs:RunTask" in s["Action"]}
    assert starters == ({"SchedulerRole"} if case.env.executor.has_workers else set())


def test_only_task_runners_write_task_logs(workers: Case) -> None:
    """They write to the one place of the task logs; the webserver only reads there."""
    place = "${TaskLogBucket}" if workers.env.remote_logs == "s3" else "log-group:${TaskLogGroup}:"
    rights = {(title, s["Sid"]): s for title, s in _statements(workers) if s["Sid"].endswith("TaskLogs")}
    for role in ("WorkerRole", "SchedulerRole", "TaskRole"):
        assert place in rights[role, "WriteTaskLogs"]["Resource"][0]["Fn::Sub"]
    assert place in rights["ReaderRole", "ReadTaskLogs"]["Resource"][0]["Fn::Sub"]
    reading = {action for (role, _), s in rights.items() if role == "ReaderRole" for action in s["Action"]}
    assert not {action for action in reading if "Put" in action or "Create" in action}


def test_only_an_environment_that_begins_with_a_dump_may_read_it() -> None:
    """Where the deployer puts it, and nothing else of the bucket."""
    section = 'database: {version: "15", restore_from: {dump: airflow.sql}}\n'
    (right,) = (one for one in task_role_permissions(minimal(more=section), COMMAND) if one.sid == "ReadDump")
    assert right.actions == ("s3:GetObject",)
    assert [resource.rpartition("/")[0].endswith("/dump") for resource in right.resources] == [True]
    assert "ReadDump" not in {one.sid for one in task_role_permissions(minimal(), COMMAND)}
