"""Every status that CloudFormation knows has a row, and each row says what it should."""

import pytest
from botocore.loaders import Loader

from deployer.stacks.statuses import STATES, Move, is_over, went_well

EXPECTED = {
    "REVIEW_IN_PROGRESS": Move.CREATE,
    "DELETE_COMPLETE": Move.CREATE,
    "CREATE_COMPLETE": Move.UPDATE,
    "UPDATE_COMPLETE": Move.UPDATE,
    "UPDATE_ROLLBACK_COMPLETE": Move.UPDATE,
    "IMPORT_COMPLETE": Move.UPDATE,
    "IMPORT_ROLLBACK_COMPLETE": Move.UPDATE,
    "CREATE_IN_PROGRESS": Move.WAIT,
    "ROLLBACK_IN_PROGRESS": Move.WAIT,
    "DELETE_IN_PROGRESS": Move.WAIT,
    "UPDATE_IN_PROGRESS": Move.WAIT,
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": Move.WAIT,
    "UPDATE_ROLLBACK_IN_PROGRESS": Move.WAIT,
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": Move.WAIT,
    "IMPORT_IN_PROGRESS": Move.WAIT,
    "IMPORT_ROLLBACK_IN_PROGRESS": Move.WAIT,
    "CREATE_FAILED": Move.RECREATE,
    "ROLLBACK_COMPLETE": Move.RECREATE,
    "ROLLBACK_FAILED": Move.RECREATE,
    "UPDATE_ROLLBACK_FAILED": Move.CONTINUE,
    "UPDATE_FAILED": Move.REFUSE,
    "IMPORT_ROLLBACK_FAILED": Move.REFUSE,
    "DELETE_FAILED": Move.REFUSE,
}


@pytest.mark.parametrize(("status", "move"), EXPECTED.items())
def test_each_status_has_its_move(status: str, move: Move) -> None:
    """The table says what the design says, row by row."""
    assert STATES[status].move is move


def test_the_table_is_complete() -> None:
    """No status that the service model lists is missing."""
    shapes = Loader().load_service_model("cloudformation", "service-2")["shapes"]
    assert set(STATES) == set(shapes["StackStatus"]["enum"])


def test_a_refusal_names_the_next_step() -> None:
    """Whoever is refused is told what to do."""
    refused = [row for row in STATES.values() if row.move is Move.REFUSE]
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
def test_ends_are_told_from_successes(status: str, over: bool, well: bool) -> None:  # noqa: FBT001  # parametrised
    """A rollback ends an operation, but not well."""
    assert (is_over(status), went_well(status)) == (over, well)
