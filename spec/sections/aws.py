"""The `aws` section: the account and region in which an environment lives, and its tags."""

from typing import Annotated

from pydantic import Field, field_validator

from spec.constrained_types import AccountId, Region
from spec.section import Section, Violation, refuse_any

TagText = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w .:/=+@-]+$")]


class Aws(Section):
    """Where the environment lives."""

    account: AccountId
    """AWS account id, 12 digits in quotes; `windsock deploy` refuses any other account. No default."""

    region: Region
    """AWS region, such as us-west-2. No default."""

    tags: dict[TagText, TagText] = Field(default_factory=dict, max_length=40)
    """Tags on every resource, at most 40; keep them constant, a changed tag touches every resource. Default none."""

    @field_validator("tags")
    @classmethod
    def _no_reserved_tags(cls, value: dict[str, str]) -> dict[str, str]:
        refuse_any(
            Violation(f"tag {key!r} starts with a reserved prefix", "choose a key without aws: and windsock:", (key,))
            for key in value
            if key.lower().startswith(("aws:", "windsock:"))
        )
        return value
