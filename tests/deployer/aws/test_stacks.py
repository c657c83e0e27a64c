"""Events tell a stack from the resources in it."""

from datetime import UTC, datetime

import pytest

from deployer.aws.stacks import STACK_TYPE, Event

ROOT, NESTED = "arn:aws:cloudformation:us-west-2:1:stack/demo/1", "arn:aws:cloudformation:us-west-2:1:stack/nested/2"


def _event(physical_id: str, kind: str) -> Event:
    return Event("1", ROOT, "demo", datetime(2026, 11, 1, tzinfo=UTC), "X", physical_id, kind, "CREATE_COMPLETE", "")


@pytest.mark.parametrize(
    ("physical_id", "kind", "is_stack"),
    [(ROOT, STACK_TYPE, True), (NESTED, STACK_TYPE, False), (ROOT, "AWS::S3::Bucket", False)],
    ids=["itself", "nested", "resource"],
)
def test_only_the_stack_itself_is_the_stack(physical_id: str, kind: str, is_stack: bool) -> None:  # noqa: FBT001  # pytest passes it by name
    """A nested stack that is complete does not make its parent complete."""
    assert _event(physical_id, kind).is_stack == is_stack
