"""What DAGs may do in AWS, as the YAML grants it: managed policies by ARN, and statements of its own."""

import re
from typing import Annotated

from pydantic import AfterValidator, Field

from spec.section import EACH_ONCE, Section, refuse

MOST_POLICIES = 9
_POLICY_PATTERN = r"arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[a-zA-Z0-9_+=,.@/-]+"
_ACTION_PATTERN = r"[a-z0-9-]+:[A-Za-z0-9*]+"
_RESOURCE_PATTERN = r"\*|arn:aws[a-z-]*:[^$]+"


def _policy_arn(value: str) -> str:
    if not re.fullmatch(_POLICY_PATTERN, value):
        refuse(
            f"{value!r} is not the ARN of an IAM policy", hint="such as arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
        )
    return value


def _action(value: str) -> str:
    if not re.fullmatch(_ACTION_PATTERN, value):
        refuse(f"{value!r} is not an action of IAM", hint="a service and an action of it, such as s3:GetObject")
    return value


def _resource(value: str) -> str:
    if not re.fullmatch(_RESOURCE_PATTERN, value):
        refuse(
            f"{value!r} is not the ARN of a resource",
            hint='such as arn:aws:s3:::my-bucket/*, or "*" for any; what needs policy variables goes into a policy',
        )
    return value


PolicyArn = Annotated[str, AfterValidator(_policy_arn), Field(json_schema_extra={"pattern": f"^{_POLICY_PATTERN}$"})]
Action = Annotated[str, AfterValidator(_action), Field(json_schema_extra={"pattern": f"^{_ACTION_PATTERN}$"})]
Resource = Annotated[str, AfterValidator(_resource), Field(json_schema_extra={"pattern": f"^({_RESOURCE_PATTERN})$"})]


Policies = Annotated[tuple[PolicyArn, ...], Field(strict=False, max_length=MOST_POLICIES), EACH_ONCE]


class Statement(Section):
    """What DAGs may do with which resources."""

    actions: tuple[Action, ...] = Field(strict=False, min_length=1, max_length=50)
    """Actions of IAM, such as s3:GetObject; a star stands for any letters. No default."""

    resources: tuple[Resource, ...] = Field(strict=False, min_length=1, max_length=50)
    """ARNs of the resources, such as arn:aws:s3:::my-bucket/*; a star stands for any characters. No default."""
