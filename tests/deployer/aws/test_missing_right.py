"""A missing right is named with the statement that gives it."""

import pytest

from deployer.aws.missing_right import next_step

USER = "User: arn:aws:iam::123456789012:user/ada is not authorized to perform: ecs:RunTask"
TASK = "arn:aws:ecs:us-west-2:123456789012:task-definition/demo:7"


def test_the_statement_is_ready_to_be_pasted() -> None:
    """With the action and the resource that AWS names."""
    step = next_step(f"{USER} on resource: {TASK} because no identity-based policy allows the ecs:RunTask action")
    assert f'{{"Effect": "Allow", "Action": "ecs:RunTask", "Resource": "{TASK}"}}' in step
    assert "windsock policy" in step


def test_without_a_resource_any_is_meant() -> None:
    """Some services name none."""
    assert '"Resource": "*"' in next_step(USER)


def test_a_deny_or_a_boundary_is_cured_by_its_owner() -> None:
    """No statement of the caller's own would help."""
    denied = next_step(f"{USER} on resource: {TASK} with an explicit deny in a service control policy")
    bounded = next_step(f"{USER} on resource: {TASK} because no permissions boundary allows the ecs:RunTask action")
    assert "denies ecs:RunTask" in denied
    assert "boundary does not allow ecs:RunTask" in bounded


@pytest.mark.parametrize("key", ["current.json", "releases/0f1e/code.tar.gz"])
def test_who_is_no_pusher_is_told_of_the_list(key: str) -> None:
    """The policy of the bucket denies code to everybody else; another object has another owner."""
    user = USER.replace("ecs:RunTask", "s3:GetObject")
    denied = " with an explicit deny in a resource-based policy"
    assert "code.pushers" in next_step(f"{user} on resource: arn:aws:s3:::demo-code/{key}{denied}")
    assert "code.pushers" not in next_step(f"{user} on resource: arn:aws:s3:::demo-code/report.json{denied}")


def test_other_messages_have_no_such_step() -> None:
    """They have steps of their own."""
    assert next_step("Rate exceeded") == ""
