"""A stack that CloudFormation changes is named, any other is not."""

from dataclasses import dataclass

import pytest

from runtime.due.stack import VARIABLE, change_of_stack


@dataclass
class CloudFormation:
    """One stack in this state."""

    status: str

    def describe_stacks(self, *, StackName: str) -> dict[str, list[dict[str, str]]]:  # noqa: N803  # as boto3 has it
        """Answer as AWS does."""
        return {"Stacks": [{"StackName": StackName, "StackStatus": self.status}]}


@pytest.mark.parametrize(
    ("status", "change"),
    [
        ("UPDATE_IN_PROGRESS", "UPDATE_IN_PROGRESS"),
        ("UPDATE_COMPLETE_CLEANUP_IN_PROGRESS", "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"),
        ("DELETE_IN_PROGRESS", "DELETE_IN_PROGRESS"),
        ("UPDATE_COMPLETE", ""),
        ("DELETE_FAILED", ""),
    ],
)
def test_what_goes_on_is_named(monkeypatch: pytest.MonkeyPatch, status: str, change: str) -> None:
    """As CloudFormation names it."""
    monkeypatch.setenv(VARIABLE, "arn")
    assert change_of_stack(CloudFormation(status)) == change
