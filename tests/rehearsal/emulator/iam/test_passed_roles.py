"""The promises of rehearsal/emulator/iam/passed_roles.py."""

from typing import Any

from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.passed_roles import passed_by

ROLES = {"executionRoleArn": "arn:execution", "taskRoleArn": "arn:worker"}


def passed(action: str, **parameters: Any) -> dict[str, str]:
    """Return the roles of a call, each with the service that gets it."""
    call = ApiCall(action=action, parameters=parameters, region="eu-central-1", account="123456789012")
    return dict(passed_by(call, lambda definition: ROLES if definition == "worker" else {}))


def test_a_definition_passes_its_roles() -> None:
    """To ECS tasks."""
    tasks = "ecs-tasks.amazonaws.com"
    assert passed("ecs:RegisterTaskDefinition", taskrolearn="arn:worker") == {"arn:worker": tasks}


def test_a_task_passes_the_roles_of_its_definition() -> None:
    """Unless its overrides name another: then that one is passed in its place."""
    assert set(passed("ecs:RunTask", taskdefinition="worker")) == {"arn:execution", "arn:worker"}
    overrides = {"taskRoleArn": "arn:other"}
    assert set(passed("ecs:RunTask", taskdefinition="worker", overrides=overrides)) == {"arn:execution", "arn:other"}


def test_a_schedule_passes_the_role_of_its_target() -> None:
    """To the scheduler."""
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:ecs:updateService", "RoleArn": "arn:hours"}
    assert passed("scheduler:CreateSchedule", target=target) == {"arn:hours": "scheduler.amazonaws.com"}


def test_a_stack_passes_its_service_role() -> None:
    """A call that names none passes none, nor does a call of another service."""
    assert passed("cloudformation:DeleteStack", rolearn="arn:deletion") == {
        "arn:deletion": "cloudformation.amazonaws.com"
    }
    assert passed("cloudformation:DeleteStack", stackname="demo") == {}
    assert passed("sts:AssumeRole", rolearn="arn:any") == {}
