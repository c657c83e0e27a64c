"""One row of the table of who may call AWS."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

ANY = "*"
"""The resource of actions for which IAM knows no narrower one."""


class Permission(NamedTuple):
    """`source` may call `actions` on `resources`, where `conditions` hold: one statement of the source's role.

    Source is the name of a process or another task, as in a `Connection`, or of an AWS service that acts for the
    environment. Resources and condition values are texts of `Fn::Sub`: `${CodeBucket}` is a value of another stack or
    a resource of the role's own, `${Cluster.Arn}` an attribute.
    """

    source: str
    sid: str
    actions: tuple[str, ...]
    resources: tuple[str, ...]
    why: str
    conditions: Mapping[str, Mapping[str, str | tuple[str, ...]]] = MappingProxyType({})
    """Operator, then key of the condition, then what it must be."""
