"""What DAGs may do in AWS, as the YAML grants it: managed policies by ARN, and statements of its own."""

from typing import Annotated

from pydantic import Field

from spec.section import EACH_ONCE, Matching, Section

MOST_POLICIES = 9

PolicyArn = Annotated[
    str,
    Matching(
        pattern=r"arn:aws[a-z-]*:iam::([0-9]{12}|aws):policy/[a-zA-Z0-9_+=,.@/-]+",
        fault="is not the ARN of an IAM policy",
        hint="such as arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess",
    ),
]
Action = Annotated[
    str,
    Matching(
        pattern=r"[a-z0-9-]+:[A-Za-z0-9*]+",
        fault="is not an action of IAM",
        hint="a service and an action of it, such as s3:GetObject",
    ),
]
Resource = Annotated[
    str,
    Matching(
        pattern=r"\*|arn:aws[a-z-]*:[^$]+",
        fault="is not the ARN of a resource",
        hint='such as arn:aws:s3:::my-bucket/*, or "*" for any; what needs policy variables goes into a policy',
    ),
]
Policies = Annotated[tuple[PolicyArn, ...], Field(strict=False, max_length=MOST_POLICIES), EACH_ONCE]


class Statement(Section):
    """What DAGs may do with which resources."""

    actions: tuple[Action, ...] = Field(strict=False, min_length=1, max_length=50)
    """Actions of IAM, such as s3:GetObject; a star stands for any letters. No default."""

    resources: tuple[Resource, ...] = Field(strict=False, min_length=1, max_length=50)
    """ARNs of the resources, such as arn:aws:s3:::my-bucket/*; a star stands for any characters. No default."""
