"""The `aws` section takes tags of one's own and leaves the reserved ones alone."""

import pytest
from pydantic import ValidationError

from spec.sections.aws import Aws


def aws(**tags: str) -> Aws:
    """Return a section with these tags."""
    return Aws(account="123456789012", region="us-west-2", tags=tags)


def test_own_tags_are_taken_as_they_are() -> None:
    """Their upper and lower case stays."""
    assert aws(Team="data").tags == {"Team": "data"}


@pytest.mark.parametrize("key", ["aws:owner", "AWS:owner", "windsock:branch"])
def test_a_reserved_tag_is_refused(key: str) -> None:
    """The fault names its key and what to do."""
    with pytest.raises(ValidationError, match=f"tag '{key}' starts with a reserved prefix"):
        aws(**{key: "x"})


def test_a_boundary_of_this_account_or_of_aws_is_taken() -> None:
    """AWS has policies of its own, which every account may use."""
    for owner in ("123456789012", "aws"):
        arn = f"arn:aws:iam::{owner}:policy/team/boundary"
        assert Aws(account="123456789012", region="us-west-2", permissions_boundary=arn).permissions_boundary == arn


@pytest.mark.parametrize(
    ("arn", "fault"),
    [
        ("boundary", "is not the ARN of an IAM policy"),
        ("arn:aws:iam::123456789012:role/boundary", "is not the ARN of an IAM policy"),
        ("arn:aws:iam::999999999999:policy/boundary", "is a policy of another account than 123456789012"),
    ],
)
def test_a_boundary_that_no_role_could_have_is_refused(arn: str, fault: str) -> None:
    """IAM would refuse it only when the first role is made."""
    with pytest.raises(ValidationError, match=fault):
        Aws(account="123456789012", region="us-west-2", permissions_boundary=arn)


@pytest.mark.parametrize("path", ["airflow", "/airflow", "airflow/", "//", "/a b/", "/équipe/"])
def test_a_path_that_iam_does_not_take_is_refused(path: str) -> None:
    """Slashes at both ends, and ASCII between them: so says CreateRole."""
    with pytest.raises(ValidationError, match="role_path"):
        Aws(account="123456789012", region="us-west-2", role_path=path)


@pytest.mark.parametrize("prefix", ["", "a b", "x" * 31])
def test_a_prefix_that_cannot_begin_a_name_is_refused(prefix: str) -> None:
    """A longer one would leave no room for the rest of the name."""
    with pytest.raises(ValidationError, match="role_name_prefix"):
        Aws(account="123456789012", region="us-west-2", role_name_prefix=prefix)
