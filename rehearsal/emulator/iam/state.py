"""What policies ask of MiniStack's tables: full names of resources, their tags, and the roles of task definitions."""
# ruff: noqa: SLF001  MiniStack has no public names for its tables

from collections.abc import Callable, Mapping
from types import MappingProxyType

from ministack.services import (
    acm,
    alb,
    cloudwatch_logs,
    ec2,
    ecs,
    iam,
    kms,
    rds,
    s3,
    secretsmanager,
    servicediscovery,
    tagging,
    waf,
)
from ministack.services.cloudformation import _change_sets, _stacks

from rehearsal.emulator.iam.requirements import State
from rehearsal.emulator.iam.resources import ARN, NEW_SECRET, PARTITION, Names

BUCKETS = f"arn:{PARTITION}:s3:::"
KEY_HEADER = "x-amz-server-side-encryption-aws-kms-key-id"


class MiniStackState(State):
    """The tables of MiniStack, within a request scope."""

    def names(self) -> Mapping[str, Names]:
        """Return what completes names."""
        return {
            "AllocationId": _allocation,
            "RoleNameWithPath": _role,
            "SecretId": _secret,
            "StackName": _stack,
            "TaskDefinitionFamilyName": _definition,
        }

    def tags(self, arn: str) -> Mapping[str, str]:
        """Return the tags of a resource; none when it has none or is not known."""
        service = arn.split(":")[2] if arn.startswith(ARN) else ""
        if service in TAGS:
            return {tag["Key"]: tag["Value"] for tag in TAGS[service](arn)}
        collect = tagging._RESOURCE_TAG_COLLECTORS.get(service) or tagging._COLLECTORS.get(service)
        found = next((tags for known, tags in collect() if known == arn), ()) if collect else ()
        return {tag["Key"]: tag["Value"] for tag in found}

    def key_of(self, arn: str) -> str:
        """Return the ARN of the customer's key of a secret, bucket or object; empty for a key of AWS."""
        if ":secretsmanager:" in arn:
            _, secret = secretsmanager._resolve(arn, use_arn_scope=True)
            return _customer_key(str((secret or {}).get("KmsKeyId") or ""))
        if arn.startswith(BUCKETS):
            bucket = arn.removeprefix(BUCKETS).partition("/")[0]
            return _customer_key(str(s3._bucket_default_sse_headers(bucket).get(KEY_HEADER, "")))
        return ""

    def roles_of_definition(self, definition: str) -> Mapping[str, str]:
        """Return the roles of a task definition."""
        found = ecs._task_defs.get(ecs._resolve_td_key(definition)) or {}
        return {name: found[name] for name in ("executionRoleArn", "taskRoleArn") if found.get(name)}


def _customer_key(name: str) -> str:
    """Return the ARN of a key; empty for the alias of a key of AWS, and a name that KMS does not know as it is."""
    if not name or "alias/aws/" in name:
        return ""
    found = kms._resolve_key(name)
    return str(found["Arn"]) if found else name


def _of_certificate(arn: str) -> list[dict[str, str]]:
    return list((acm._certificates.get(arn) or {}).get("Tags", ()))


def _of_key(arn: str) -> list[dict[str, str]]:
    key = kms._resolve_key(arn) or {}
    return [{"Key": tag["TagKey"], "Value": tag["TagValue"]} for tag in key.get("Tags") or ()]


def _of_log_group(arn: str) -> list[dict[str, str]]:
    name = arn.partition(":log-group:")[2].partition(":")[0]
    tags: dict[str, str] = (cloudwatch_logs._log_groups.get(name) or {}).get("tags", {})
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _of_database(arn: str) -> list[dict[str, str]]:
    """Return the tags of something of RDS; an instance of a template keeps its own."""
    instance = rds._instances.get(arn.rpartition(":")[2]) or {}
    return rds._tags.get(arn) or instance.get("TagList") or []


def _of_stack(arn: str) -> list[dict[str, str]]:
    """Return the tags of a stack; a nested one has those of its parent too."""
    tags: list[dict[str, str]] = []
    name = arn.partition(":stack/")[2].partition("/")[0]
    while stack := _stacks.get(name):
        tags = [*(stack.get("Tags") or ()), *tags]
        name = stack.get("_parent_stack_name") or ""
    return tags


TAGS: Mapping[str, Callable[[str], list[dict[str, str]]]] = MappingProxyType(
    {
        "acm": _of_certificate,
        "cloudformation": _of_stack,
        "ec2": lambda arn: ec2._tags.get(arn.rpartition("/")[2]) or [],
        "elasticloadbalancing": lambda arn: alb._tags.get(arn) or [],
        "kms": _of_key,
        "logs": _of_log_group,
        "rds": _of_database,
        "wafv2": lambda arn: waf._waf_tags.get(arn) or [],
        "servicediscovery": lambda arn: servicediscovery._resource_tags.get(arn) or [],
    }
)
"""The tags of resources that the tagging API of MiniStack leaves out, by the service in their ARN."""


def _allocation(address: str) -> str:
    """Return the id of an address, by which its ARN has it; a stack knows the address itself."""
    every = list(ec2._addresses.values())
    return next((str(one["AllocationId"]) for one in every if one["PublicIp"] == address), address)


def _role(name: str) -> str:
    role = iam._roles.get(name)
    return str(role["Arn"]).partition(":role/")[2] if role else name


def _secret(name: str) -> str:
    secrets = secretsmanager._secrets
    found = secrets.get(name) or next((one for one in secrets.values() if one["ARN"].endswith(f":{name}")), None)
    return str(found["ARN"]).rpartition(":secret:")[2] if found else f"{name}{NEW_SECRET}"


def _stack(name: str) -> str:
    """Return name and id of a stack, by its name or by the id of one of its change sets."""
    stack = _stacks.get(name) or next((one for arn, one in _change_sets.items() if arn.endswith(f"/{name}")), None)
    return str(stack["StackId"]).partition(":stack/")[2] if stack else name


def _definition(name: str) -> str:
    """Return family and revision; the newest revision of a family alone."""
    known = ecs._task_defs.get(ecs._resolve_td_key(name))
    return str(known["taskDefinitionArn"]).rpartition("/")[2] if known and not name.startswith(ARN) else name
