"""The `aws` section: the account and region in which an environment lives, its tags, and rules for its IAM roles."""

import re
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from spec.constrained_types import AccountId, Region
from spec.section import Section, Violation, refuse, refuse_any

TagText = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w .:/=+@-]+$")]
RolePath = Annotated[str, Field(max_length=128, pattern=r"^/([\w+=,.@-]+/)*$")]
RoleNamePrefix = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9_+=,.@-]+$")]

_POLICY_ARN = r"arn:aws[a-z-]*:iam::(?P<account>[0-9]{12}|aws):policy/[!-~]{1,512}"


class Aws(Section):
    """Where the environment lives."""

    account: AccountId
    """AWS account id, 12 digits in quotes; `windsock deploy` refuses any other account. No default."""

    region: Region
    """AWS region, such as us-west-2. No default."""

    tags: dict[TagText, TagText] = Field(default_factory=dict, max_length=40)
    """Tags on every resource, at most 40; keep them constant, a changed tag touches every resource. Default none."""

    permissions_boundary: str | None = None
    """ARN of the IAM policy that limits every role of this environment and the role of the toolkit, such as
    arn:aws:iam::123456789012:policy/boundary. Default none."""

    role_path: RolePath = "/"
    """IAM path of every role, such as /airflow/; another path replaces the roles. Default /."""

    role_name_prefix: RoleNamePrefix | None = None
    """What the name of every role begins with, at most 30 characters, such as airflow-; another prefix replaces the
    roles. Default none: CloudFormation names them after their stacks."""

    @field_validator("permissions_boundary")
    @classmethod
    def _boundary_of_this_account(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        account = info.data.get("account", "123456789012")
        hint = f"such as arn:aws:iam::{account}:policy/boundary"
        found = re.fullmatch(_POLICY_ARN, value)
        if not found:
            refuse(f"{value!r} is not the ARN of an IAM policy", hint=hint)
        if found["account"] not in {"aws", account}:
            refuse(f"{value!r} is a policy of another account than {account}", hint=hint)
        return value

    @field_validator("tags")
    @classmethod
    def _no_reserved_tags(cls, value: dict[str, str]) -> dict[str, str]:
        refuse_any(
            Violation(f"tag {key!r} starts with a reserved prefix", "choose a key without aws: and windsock:", (key,))
            for key in value
            if key.lower().startswith(("aws:", "windsock:"))
        )
        return value
