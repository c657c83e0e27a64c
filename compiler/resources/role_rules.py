"""Gives every role of a template what the YAML demands of roles: a permissions boundary, a path, and names."""

import hashlib

from troposphere import Template
from troposphere.iam import Role

from spec.sections.aws import Aws

NAME_MAXIMUM = 64
"""The longest name of an IAM role. Source: CreateRole, IAM API reference."""
DIGITS = 8


def apply_role_rules(aws: Aws, owner: str, stack: str, template: Template) -> None:
    """Apply the rules of the YAML to every role of a stack; `owner` is what its stacks are named after."""
    for title, role in template.resources.items():
        if not isinstance(role, Role):
            continue
        if aws.permissions_boundary:
            role.PermissionsBoundary = aws.permissions_boundary
        if aws.role_path != "/":
            role.Path = aws.role_path
        if aws.role_name_prefix:
            role.RoleName = _name(aws, aws.role_name_prefix, (owner, stack), title)


def _name(aws: Aws, prefix: str, place: tuple[str, str], title: str) -> str:
    """Return a name that no other role of the account has; another path makes another name.

    IAM has one list of names for all regions and paths. CloudFormation cannot replace a role that keeps its name.
    """
    whole = " ".join((aws.region, aws.role_path, *place, title))
    end = f"-{title}-{hashlib.sha256(whole.encode()).hexdigest()[:DIGITS]}"
    return f"{f'{prefix}{place[0]}'[: NAME_MAXIMUM - len(end)].rstrip('-')}{end}"
