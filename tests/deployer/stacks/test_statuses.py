"""Every status that CloudFormation knows has a row, and each row says what it should."""

import pytest
from botocore.loaders import Loader

from deployer.stacks.statuses import STATES, Action, is_over, went_well

EXPECTED = {
    "REVIEW_IN_PROGRESS": Action.CREATE,
    "DELETE_COMPLETE": Action.CREATE,
    "CREATE_COMPLETE": Action.UPDATE,
    "UPDATE_COMPLETE": Action.UPDATE,
    "UPDATE_ROLLBACK_COMPLETE": Action.UPDATE,
    "IMPORT_COMPLETE": Action.UPDATE,
    "IMPORT_ROLLBACK_COMPLETE": Action.UPDATE,
    "CREATE_IN_PROGRESS": Action.WAIT,
    "ROLLBACK_IN_PROGRESS": Action.WAIT,
    "DELETE_IN_PROGRESS": Action.WAIT,
    "UPDATE_IN_PROGRESS": Action.WAIT,
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": Action.WAIT,
    "UPDATE_ROLLBACK_IN_PROGRESS": Action.WAIT,
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": Action.WAIT,
    "IMPORT_IN_PROGRESS": Action.WAIT,
    "IMPORT_ROLLBACK_IN_PROGRESS": Action.WAIT,
    "CREATE_FAILED": Action.RECREATE,
    "ROLLBACK_COMPLETE": Action.RECREATE,
    "ROLLBACK_FAILED": Action.RECREATE,
    "UPDATE_ROLLBACK_FAILED": Action.CONTINUE,
    "UPDATE_FAILED": Action.REFUSE,
    "IMPORT_ROLLBACK_FAILED": Action.REFUSE,
    "DELETE_FAILED": Action.REFUSE,
}


@pytest.mark.parametrize(("status", "action"), EXPECTED.items())
def test_each_status_has_its_action(status: str, action: Action) -> None:
    """The table says what the design says, row by row."""
    assert STATES[status].action is action


def test_the_table_is_complete() -> None:
    """No status that the service model lists is missing."""
    shapes = Loader().load_service_model("cloudformation", "service-2")["shapes"]
    assert set(STATES) == set(shapes["StackStatus"]["enum"])


def test_a_refusal_names_the_next_step() -> None:
    """The message says what to do."""
    refused = [row for row in STATES.values() if row.action is Action.REFUSE]
    assert all(row.why and row.next_step for row in refused)


@pytest.mark.parametrize(
    ("status", "over", "well"),
    [
        ("UPDATE_COMPLETE", True, True),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", False, False),
        ("UPDATE_ROLLBACK_COMPLETE", True, False),
        ("ROLLBACK_COMPLETE", True, False),
        ("DELETE_FAILED", True, False),
    ],
)
def test_a_rollback_is_an_end_but_no_success(status: str, over: bool, well: bool) -> None:  # noqa: FBT001  # parametrised
    """It ends an operation, but not well."""
    assert (is_over(status), went_well(status)) == (over, well)
