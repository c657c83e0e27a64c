"""The policies of roles and resources, and the statements that permissions become."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import awacs.aws
from awacs import elasticfilesystem, s3, sts
from awacs.aws import (
    Action,
    Allow,
    ArnLike,
    ArnNotLike,
    Bool,
    Condition,
    Deny,
    Null,
    PolicyDocument,
    Principal,
    Statement,
    StringEquals,
    StringNotEquals,
)
from troposphere import GetAtt, Ref, Sub

from compiler.contract import CURRENT_RELEASE, ENVIRONMENT_TAG, RELEASES_PREFIX, TEMPLATE_SUFFIX
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import value_named

VERSION = "2012-10-17"
EVERYTHING = "*"
HERE = "${AWS::Region}:${AWS::AccountId}"

_NAME = r"\$\{(\w+)\}"
_WHOLE = r"\$\{([\w:]+)\}"
_ATTRIBUTE = r"\$\{(\w+)\.(\w+)\}"


def document(*statements: Statement) -> dict[str, Any]:
    """Return a policy of these statements."""
    policy: dict[str, Any] = PolicyDocument(Version=VERSION, Statement=list(statements)).JSONrepr()
    return policy


def trust_tasks() -> dict[str, Any]:
    """Return the trust in ECS tasks of this account and region; another account's tasks cannot borrow it."""
    account = StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))
    source = ArnLike("aws:SourceArn", Sub(f"arn:${{AWS::Partition}}:ecs:{HERE}:*"))
    return document(
        Statement(
            Effect=Allow,
            Principal=Principal("Service", "ecs-tasks.amazonaws.com"),
            Action=[sts.AssumeRole],
            Condition=Condition([account, source]),
        )
    )


def trust_schedules() -> dict[str, Any]:
    """Return the trust in schedules of this account."""
    return _trust("scheduler.amazonaws.com", Condition(StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))))


def trust_monitoring() -> dict[str, Any]:
    """Return the trust in the monitoring of RDS, for this account."""
    return _trust("monitoring.rds.amazonaws.com", Condition(StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))))


def trust_backup() -> dict[str, Any]:
    """Return the trust in AWS Backup, for this account."""
    return _trust("backup.amazonaws.com", Condition(StringEquals("aws:SourceAccount", Ref("AWS::AccountId"))))


def trust_cloudformation() -> dict[str, Any]:
    """Return the trust in CloudFormation, for any user of this account who may pass the role."""
    # Only who may pass the role gets CloudFormation to use it, and only within the account: no condition adds to that.
    return _trust("cloudformation.amazonaws.com")


def _trust(service: str, condition: Condition | None = None) -> dict[str, Any]:
    more = {"Condition": condition} if condition else {}
    return document(Statement(Effect=Allow, Principal=Principal("Service", service), Action=[sts.AssumeRole], **more))


def only_tls(actions: Iterable[Action], resources: Sequence[Any] = ()) -> Statement:
    """Return the refusal of connections without TLS; without resources it means the thing it is attached to."""
    return Statement(
        Sid="OnlyTls",
        Effect=Deny,
        Principal=Principal(EVERYTHING),
        Action=list(actions),
        Condition=Condition(Bool("aws:SecureTransport", "false")),
        **({"Resource": list(resources)} if resources else {}),
    )


def only_new_objects(bucket: str) -> Iterator[Statement]:
    """Yield the refusals that keep releases as they were pushed, and the pointer from being written unseen.

    Source: "Enforce conditional writes on Amazon S3 buckets", Amazon S3 User Guide.
    """
    releases = [Sub(f"{bucket}/{RELEASES_PREFIX}*")]
    yield _no_write("NoReleaseIsOverwritten", releases, {"s3:if-none-match": "true"})
    pointer = [Sub(f"{bucket}/{CURRENT_RELEASE}")]
    yield _no_write("PointerMovesFromWhereItWasSeen", pointer, {"s3:if-match": "true", "s3:if-none-match": "true"})


def only_pushed_objects(environment: str, pushers: Sequence[str], bucket: str) -> Iterator[Statement]:
    """Yield those, and the refusal of every change of code by a role of the environment, whatever it is granted.

    Where there are `pushers`, everybody else is refused too.

    CloudFormation hands the tags of a stack to its roles. Who deploys has no such tag. Source: "aws:PrincipalTag", IAM
    User Guide, https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
    """
    yield from only_new_objects(bucket)
    code = [Sub(f"{bucket}/{RELEASES_PREFIX}*"), Sub(f"{bucket}/{CURRENT_RELEASE}")]
    yield Statement(
        Sid="EnvironmentChangesNoCode",
        Effect=Deny,
        Principal=Principal(EVERYTHING),
        Action=[s3.DeleteObject, s3.DeleteObjectVersion, s3.PutObject],
        Resource=code,
        Condition=Condition(StringEquals(f"aws:PrincipalTag/{ENVIRONMENT_TAG}", environment)),
    )
    if pushers:
        yield from _only_pushers(environment, pushers, code)


def _only_pushers(environment: str, pushers: Sequence[str], code: list[Sub]) -> Iterator[Statement]:
    """Yield the refusal of writes by others than the pushers, and of reads by others than those and the environment.

    The key has the ARN of a role for each of its sessions. Source: "aws:PrincipalArn", IAM User Guide, as above.
    Deletions stay with IAM: a teardown by somebody else must not end halfway.
    """
    others = ArnNotLike("aws:PrincipalArn", list(pushers))
    outside = StringNotEquals(f"aws:PrincipalTag/{ENVIRONMENT_TAG}", environment)
    yield Statement(
        Sid="OnlyPushersWriteCode",
        Effect=Deny,
        Principal=Principal(EVERYTHING),
        Action=[s3.PutObject],
        Resource=code,
        Condition=Condition(others),
    )
    yield Statement(
        Sid="OnlyPushersAndEnvironmentReadCode",
        Effect=Deny,
        Principal=Principal(EVERYTHING),
        Action=[s3.GetObject, s3.GetObjectVersion],
        Resource=code,
        Condition=Condition([others, outside]),
    )


def only_new_templates(bucket: str) -> Iterator[Statement]:
    """Yield the refusal to overwrite a template, also for whoever may upload some. Source as above."""
    yield _no_write("NoTemplateIsOverwritten", [Sub(f"{bucket}/*{TEMPLATE_SUFFIX}")], {"s3:if-none-match": "true"})


def _no_write(sid: str, objects: list[Sub], missing: Mapping[str, str]) -> Statement:
    return Statement(
        Sid=sid,
        Effect=Deny,
        Principal=Principal(EVERYTHING),
        Action=[s3.PutObject],
        Resource=objects,
        Condition=Condition(Null(dict(missing))),
    )


def only_this_account() -> Statement:
    """Return the one way through an endpoint: for roles and users of this account."""
    return Statement(
        Sid="OnlyThisAccount",
        Effect=Allow,
        Principal=Principal(EVERYTHING),
        Action=[Action(EVERYTHING)],
        Resource=[EVERYTHING],
        Condition=Condition(StringEquals("aws:PrincipalAccount", Ref("AWS::AccountId"))),
    )


def image_layers() -> Statement:
    """Return the right to read the layers of images, which Amazon ECR keeps in a bucket of its own.

    Source: "Minimum Amazon S3 Bucket Permissions for Amazon ECR", Amazon ECR User Guide,
    https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
    """
    return Statement(
        Sid="ImageLayers",
        Effect=Allow,
        Principal=Principal(EVERYTHING),
        Action=[s3.GetObject],
        Resource=[Sub("arn:${AWS::Partition}:s3:::prod-${AWS::Region}-starport-layer-bucket/*")],
    )


def only_mounts_of_this_account() -> Statement:
    """Return the one way in to a file system: through a mount target, by roles of this account."""
    return Statement(
        Sid="OnlyMountsOfThisAccount",
        Effect=Allow,
        Principal=Principal("AWS", Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:root")),
        Action=[elasticfilesystem.ClientMount, elasticfilesystem.ClientWrite],
        Condition=Condition(Bool("elasticfilesystem:AccessedViaMountTarget", "true")),
    )


def statement(stack: StackBuilder, permission: Permission) -> Statement:
    """Return the statement of a permission; `stack` gets the parameters that its resources name."""
    conditions = [
        getattr(awacs.aws, operator)(key, _references(stack, value))
        for operator, tests in permission.conditions.items()
        for key, value in tests.items()
    ]
    return Statement(
        Sid=permission.sid,
        Effect=Allow,
        Action=[Action(*action.split(":")) for action in permission.actions],
        Resource=_references(stack, permission.resources),
        **({"Condition": Condition(conditions)} if conditions else {}),
    )


def _references(stack: StackBuilder, texts: str | tuple[str, ...]) -> Any:
    if isinstance(texts, tuple):
        return [_reference(stack, text) for text in texts]
    return _reference(stack, texts)


def _reference(stack: StackBuilder, text: str) -> Any:
    for name in re.findall(_NAME, text):
        if name not in stack.template.resources:
            stack.parameter(value_named(name))
    if name := re.fullmatch(_WHOLE, text):
        return Ref(name[1])
    if attribute := re.fullmatch(_ATTRIBUTE, text):
        return GetAtt(attribute[1], attribute[2])
    return Sub(text) if "${" in text else text
