"""The `aws` section: the account and region in which an environment lives, its tags, and rules for its IAM roles."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from spec.aws_facts.regions import partition_of
from spec.constrained_types import AccountId, Region
from spec.section import Section, Violation, refuse, refuse_any

TagText = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w .:/=+@-]+$")]
RolePath = Annotated[str, Field(max_length=128, pattern=r"^/([A-Za-z0-9_+=,.@-]+/)*$")]
"""ASCII only. Source: CreateRole, Path, AWS Identity and Access Management API Reference."""

RoleNamePrefix = Annotated[str, Field(min_length=1, max_length=30, pattern=r"^[A-Za-z0-9_+=,.@-]+$")]

_POLICY_ARN = r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>[0-9]{12}|aws):policy/[!-~]{1,512}"
_ROLE_ARN = r"arn:(?P<partition>aws[a-z-]*):iam::(?P<account>[0-9]{12}):role/[!-~]{1,576}"

_EXAMPLES = MappingProxyType({"policy": "boundary", "role": "cloudformation"})


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

    cloudformation_role: str | None = None
    """ARN of the role with which CloudFormation works on this environment, such as
    arn:aws:iam::123456789012:role/cloudformation. You make it, with the policies of `windsock policy`. Default none:
    CloudFormation has the permissions of whoever deploys."""

    @field_validator("permissions_boundary")
    @classmethod
    def _boundary_of_this_account(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _of_account(value, _POLICY_ARN, "policy", info.data)

    @field_validator("cloudformation_role")
    @classmethod
    def _role_of_this_account(cls, value: str | None, info: ValidationInfo) -> str | None:
        return _of_account(value, _ROLE_ARN, "role", info.data)

    @field_validator("tags")
    @classmethod
    def _no_reserved_tags(cls, value: dict[str, str]) -> dict[str, str]:
        refuse_any(
            Violation(f"tag {key!r} starts with a reserved prefix", "choose a key without aws: and windsock:", (key,))
            for key in value
            if key.lower().startswith(("aws:", "windsock:"))
        )
        return value


def _of_account(value: str | None, pattern: str, noun: str, above: Mapping[str, str]) -> str | None:
    """Return the ARN of an IAM policy or role; refuse another text, and that of another account or partition."""
    account, partition = above.get("account", "123456789012"), partition_of(above.get("region", ""))
    example = f"arn:{partition}:iam::{account}:{noun}/{_EXAMPLES[noun]}"
    found = re.fullmatch(pattern, value) if value is not None else None
    if value is not None and not found:
        refuse(f"{value!r} is not the ARN of an IAM {noun}", hint=f"such as {example}")
    if found and found["account"] not in {"aws", account}:
        refuse(f"{value!r} is a {noun} of another account than {account}", hint=f"such as {example}")
    if found and found["partition"] != partition:
        refuse(f"{value!r} is in another partition than {above['region']}", hint=f"such as {example}")
    return value
