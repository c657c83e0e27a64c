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
