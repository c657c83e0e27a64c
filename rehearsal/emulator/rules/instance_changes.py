"""What RDS refuses to change about a DB instance.

Sources: "Stopping an Amazon RDS DB instance temporarily" ("You can't modify a stopped DB instance"),
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html; ModifyDBInstance, Amazon RDS API
Reference ("a new DB parameter group in the DB parameter group family for the new engine version must be specified"),
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html, in the words of
https://github.com/aws-quickstart/quickstart-r3-corda/issues/25
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

STATE = "InvalidDBInstanceState"
COMBINATION = "InvalidParameterCombination"
UNMODIFIABLE = frozenset({"stopped", "stopping", "starting", "deleting", "creating"})

NO_FAMILIES: Mapping[str, str] = MappingProxyType({})

Refusal = tuple[str, str]
"""Error code and message."""


def refusal(
    instance: Mapping[str, Any], changed: Mapping[str, Any], families: Mapping[str, str] = NO_FAMILIES
) -> Refusal | None:
    """Return why RDS refuses a change, or None; `changed` has the API's or the template's names and new values.

    `families` are those of the parameter groups, by name.
    """
    name, status = instance["DBInstanceIdentifier"], instance["DBInstanceStatus"]
    if status in UNMODIFIABLE:
        return STATE, f"Database instance is not in available state: {name} is {status}."
    return _version(instance, changed) or _family(instance, changed, families) or _storage(instance, changed)


def _version(instance: Mapping[str, Any], changed: Mapping[str, Any]) -> Refusal | None:
    before, after = str(instance.get("EngineVersion", "")), str(changed.get("EngineVersion") or "")
    if not after or _major(instance, before) == _major(instance, after):
        return None
    if _major(instance, after) < _major(instance, before):
        return COMBINATION, f"Cannot upgrade {instance['Engine']} from {before} to {after}"
    if str(changed.get("AllowMajorVersionUpgrade")).lower() == "true":
        return None
    return COMBINATION, "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version."


def _family(instance: Mapping[str, Any], changed: Mapping[str, Any], families: Mapping[str, str]) -> Refusal | None:
    version = str(changed.get("EngineVersion") or instance.get("EngineVersion", ""))
    wanted = instance["Engine"] + ".".join(map(str, _major(instance, version)))
    groups = (group["DBParameterGroupName"] for group in instance.get("DBParameterGroups", ()))
    group = changed.get("DBParameterGroupName") or next(groups, "")
    family = families.get(group, wanted)
    if family == wanted:
        return None
    return COMBINATION, (
        f"The Parameter Group {group} with DBParameterGroupFamily {family} cannot be used for this instance. "
        f"Please use a Parameter Group with DBParameterGroupFamily {wanted}"
    )


def _major(instance: Mapping[str, Any], version: str) -> tuple[int, ...]:
    """PostgreSQL has major versions of one number, MySQL of two."""
    parts = version.split(".")
    return tuple(int(part) for part in parts[: 1 if instance.get("Engine") == "postgres" else 2])


def _storage(instance: Mapping[str, Any], changed: Mapping[str, Any]) -> Refusal | None:
    before, after = int(instance.get("AllocatedStorage") or 0), int(changed.get("AllocatedStorage") or 0)
    if after and after < before:
        return COMBINATION, f"Invalid storage size: {after} GiB is less than the current {before} GiB."
    return None
