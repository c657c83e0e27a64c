"""Refuses what RDS would refuse to change about a deployed DB instance, from the templates alone.

Source: ModifyDBInstance (AllowMajorVersionUpgrade, AllocatedStorage), Amazon RDS API Reference,
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
"""

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.model.template_set import TemplateSet
from deployer.stacks.replacement_guard import nested_files
from deployer.stacks.template_diff import resources
from spec.errors import Refusal

_TYPE = "AWS::RDS::DBInstance"


class DatabaseChangeRefusal(Refusal):
    """RDS would refuse the change, and CloudFormation would roll everything back."""


def refuse_database_changes(name: str, deployed: Mapping[str, str], templates: TemplateSet) -> None:
    """Refuse another major version, or less storage, of an instance that is deployed.

    `deployed` are the templates of the nested stacks that differ, by logical id. Raises `DatabaseChangeRefusal`.
    """
    files = nested_files(templates)
    for stack, text in deployed.items():
        new = resources(files[stack]) if stack in files else {}
        for logical_id, resource in resources(text).items():
            successor = new.get(logical_id, {})
            if resource.get("Type") == successor.get("Type") == _TYPE:
                reasons = tuple(_reasons(resource.get("Properties", {}), successor.get("Properties", {})))
                if reasons:
                    raise DatabaseChangeRefusal(
                        f"The database of {name} cannot change like this; nothing was changed.",
                        why="\n".join(reasons),
                        next_step="Undo that change in the YAML, or deploy under another name and bring the data over.",
                    )


def _reasons(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    before, after = (str(properties.get("EngineVersion", "")) for properties in (old, new))
    if _major(before) != _major(after):
        yield (
            f"database.version: it runs {before}, and the YAML says {after}. Windsock does not support upgrades of a "
            "deployed database yet, and RDS has no way back."
        )
    held, wanted = (int(properties.get("AllocatedStorage", 0)) for properties in (old, new))
    if wanted < held:
        yield f"database.storage_gb: it has {held} GiB, and the YAML says {wanted}. RDS takes no storage back."


def _major(version: str) -> str:
    return version.partition(".")[0]
