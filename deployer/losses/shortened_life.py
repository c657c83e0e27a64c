"""Names what a deploy would shorten: how long an environment lives, how long it remembers, and what protects it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from compiler.contract import RootOutput
from compiler.model.template_set import TemplateSet
from deployer.aws.stacks import Stack
from deployer.lifetime.ttl import EXPIRES_AT
from deployer.stacks.replacement_guard import nested_files
from deployer.stacks.template_diff import Loss, resources
from spec.environment import Environment

FOREVER = "for good"


@dataclass(frozen=True, kw_only=True)
class _Memory:
    """A property that says for how many days something is kept; without it `missing` days, None for good."""

    key: str
    property: str
    what: str
    missing: int | None


_MEMORIES: Mapping[str, _Memory] = MappingProxyType(
    {
        "AWS::Logs::LogGroup": _Memory(
            key="logs.retention_days", property="RetentionInDays", what="log lines", missing=None
        ),
        "AWS::RDS::DBInstance": _Memory(
            key="database.backup_days", property="BackupRetentionPeriod", what="automated backups", missing=1
        ),
    }
)
"""Source: RetentionInDays, "If you do not specify it, the logs never expire"; BackupRetentionPeriod, "Default: 1".
AWS CloudFormation Template Reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-logs-loggroup.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-rds-dbinstance.html
"""


def shortened_life(
    env: Environment, stack: Stack | None, deployed: Mapping[str, str], templates: TemplateSet
) -> Iterator[Loss]:
    """Yield what the YAML shortens of the environment that is deployed, each under its key in the YAML.

    `deployed` are the templates of the nested stacks that differ, by logical id.
    """
    if stack is None or not stack.outputs:
        return
    if env.ttl is not None and EXPIRES_AT not in stack.parameters:
        yield _loss("ttl", f"the environment would delete itself {env.ttl} after this deploy, with all that it holds")
    if stack.outputs.get(RootOutput.PROTECT) == "true" and not env.protect:
        yield _loss(
            "protect", "deletion protection would end, and a teardown would leave neither a snapshot nor anything else"
        )
    yield from {loss.path: loss for loss in _shortened_memory(deployed, templates)}.values()


def shortened_memory(type_: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Loss | None:
    """Return what a resource of this type would keep for a shorter time; `old` and `new` are its properties."""
    memory = _MEMORIES.get(type_)
    if memory is None:
        return None
    before, after = (_days(memory, properties) for properties in (old, new))
    if after is None or (before is not None and after >= before):
        return None
    kept = FOREVER if before is None else f"{before} days"
    return _loss(memory.key, f"{memory.what} are kept {kept}, and would be kept {after}; older ones are deleted")


def _shortened_memory(deployed: Mapping[str, str], templates: TemplateSet) -> Iterator[Loss]:
    files = nested_files(templates)
    for name, text in deployed.items():
        new = resources(files[name]) if name in files else {}
        for logical_id, resource in resources(text).items():
            type_, successor = str(resource.get("Type")), new.get(logical_id, {})
            if successor.get("Type") == type_:
                loss = shortened_memory(type_, resource.get("Properties", {}), successor.get("Properties", {}))
                yield from [loss] if loss else []


def _days(memory: _Memory, properties: Mapping[str, Any]) -> int | None:
    days = properties.get(memory.property, memory.missing)
    return None if days is None else int(days)


def _loss(key: str, what: str) -> Loss:
    return Loss(key, "", what)
