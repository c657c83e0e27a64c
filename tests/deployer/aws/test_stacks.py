"""Events tell a stack from the resources in it."""

from datetime import UTC, datetime

import pytest

from deployer.aws.stacks import STACK_TYPE, Event

ROOT, NESTED = "arn:aws:cloudformation:us-west-2:1:stack/demo/1", "arn:aws:cloudformation:us-west-2:1:stack/nested/2"


def _event(physical_id: str, kind: str) -> Event:
    return Event(
        id="1",
        stack_id=ROOT,
        stack="demo",
        time=datetime(2026, 11, 1, tzinfo=UTC),
        logical_id="X",
        physical_id=physical_id,
        type=kind,
        status="CREATE_COMPLETE",
        reason="",
    )


@pytest.mark.parametrize(
    ("physical_id", "kind", "is_stack"),
    [(ROOT, STACK_TYPE, True), (NESTED, STACK_TYPE, False), (ROOT, "AWS::S3::Bucket", False)],
    ids=["itself", "nested", "resource"],
)
def test_an_event_of_a_nested_stack_is_not_the_stacks_own(physical_id: str, kind: str, is_stack: bool) -> None:  # noqa: FBT001  # pytest passes it by name
    """A nested stack that is complete does not make its parent complete."""
    assert _event(physical_id, kind).is_stack == is_stack
