"""The promises of rehearsal/emulator.iam.task_roles.py."""

from rehearsal.emulator.iam.task_roles import TaskRole, TaskRoles

ROLE = TaskRole("arn:aws:iam::123456789012:role/web", "one")


def test_a_token_stands_for_the_role_of_its_task() -> None:
    """Another token stands for nothing."""
    roles = TaskRoles()
    roles.put("token", ROLE)
    assert (roles.find("token"), roles.find("other")) == (ROLE, None)


def test_the_tokens_of_a_task_end_with_it() -> None:
    """Those of other tasks stay."""
    roles = TaskRoles()
    roles.put("token", ROLE)
    roles.put("other", TaskRole(ROLE.arn, "two"))
    roles.remove("one")
    assert roles.find("token") is None
    assert roles.find("other") is not None
