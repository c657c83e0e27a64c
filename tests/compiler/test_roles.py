"""Promises of the roles: explicit actions, explicit resources, and trust in nobody but this account's tasks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.compiler.conftest import Case

ROLE = "AWS::IAM::Role"

WITHOUT_ARN = {
    "ecr:GetAuthorizationToken",
    "ssmmessages:CreateControlChannel",
    "ssmmessages:CreateDataChannel",
    "ssmmessages:OpenControlChannel",
    "ssmmessages:OpenDataChannel",
}
"""The only actions for which IAM knows no resource."""


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


def test_no_role_borrows_a_managed_policy(case: Case) -> None:
    """What a role may do stands in the template, where it is reviewed."""
    for role in case.resources(ROLE).values():
        assert "ManagedPolicyArns" not in role["Properties"]
        assert "RoleName" not in role["Properties"]


def test_only_tasks_of_this_account_take_a_role(case: Case) -> None:
    """The trust names the service, the account and the region."""
    for role in case.resources(ROLE).values():
        (trust,) = role["Properties"]["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "ecs-tasks.amazonaws.com"}
        assert trust["Condition"]["StringEquals"] == {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}
        assert "ArnLike" in trust["Condition"]


def test_the_execution_role_reads_exactly_the_secrets(case: Case) -> None:
    """ECS may read the secrets of this environment, each by its ARN, and may not list any."""
    (statement,) = (s for title, s in _statements(case) if s["Sid"] == "ReadSecrets")
    secrets = case.resources("AWS::SecretsManager::Secret")
    assert {resource["Ref"] for resource in statement["Resource"]} == set(secrets)


def test_the_execution_role_creates_no_log_group(case: Case) -> None:
    """A group made by a late task would outlive the environment: writing needs the group to be there."""
    assert "logs:CreateLogGroup" not in _actions(case, "ExecutionRole")


def test_only_the_sync_task_writes_code(case: Case) -> None:
    """Airflow may write to the directory of task logs alone; the sync task to those of code alone."""
    writers = {
        title: [arn["Fn::Sub"] for arn in statement["Condition"]["StringEquals"]["elasticfilesystem:AccessPointArn"]]
        for title, statement in _statements(case)
        if "elasticfilesystem:ClientWrite" in statement["Action"]
    }
    doors = {title: [arn.rpartition("${")[2].rstrip("}") for arn in arns] for title, arns in writers.items()}
    assert doors == {
        "TaskRole": ["LogsAccessPoint"],
        "SyncRole": ["DagsAccessPoint", "PluginsAccessPoint", "ConfigAccessPoint"],
    }


def test_the_sync_task_reads_code_alone(case: Case) -> None:
    """Of the bucket it sees what lies below code/, and it writes nothing there."""
    statements = {s["Sid"]: s for title, s in _statements(case) if title == "SyncRole"}
    assert statements["ListCode"]["Condition"] == {"StringLike": {"s3:prefix": ["code/*"]}}
    assert statements["ReadCode"]["Resource"] == [{"Fn::Sub": "arn:${AWS::Partition}:s3:::${CodeBucket}/code/*"}]
    assert {action for action in _actions(case, "SyncRole") if action.startswith("s3:")} == {
        "s3:GetObject",
        "s3:ListBucket",
    }
