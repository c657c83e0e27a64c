"""Says whether a deployed database gets a newer engine or gives way to another, and refuses what cannot go well.

Source: ModifyDBInstance (AllowMajorVersionUpgrade, AllocatedStorage), Amazon RDS API Reference,
https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_ModifyDBInstance.html
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from compiler.contract import RootOutput
from compiler.model.template_set import TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.databases.roster import DATABASES, deployed_database
from deployer.plans.observed import Observed
from deployer.stacks.replacement_guard import nested_files
from deployer.stacks.template_diff import resources
from spec.environment import Environment
from spec.errors import Refusal

_TYPE = "AWS::RDS::DBInstance"


@dataclass(frozen=True, kw_only=True)
class EngineUpgrade:
    """A newer major version of its engine for an instance; `others` are further nested stacks that change."""

    title: str
    before: str
    after: str
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.title} {self.before} -> {self.after}"


class DatabaseChangeRefusal(Refusal):
    """RDS would refuse the change, or a server in a container would not find its files."""

    def __init__(self, name: str, why: str, next_step: str) -> None:
        super().__init__(
            f"The database of {name} cannot change like this; nothing was changed.", why=why, next_step=next_step
        )


def engine_upgrade(
    env: Environment,
    deployed: Mapping[str, str],
    templates: TemplateSet,
    allowed: AbstractSet[str] = frozenset(),
) -> EngineUpgrade | None:
    """Return the upgrade of the engine that the templates allow; None where the engine stays as it is.

    `deployed` are the templates of the nested stacks that differ, by logical id. Raises `DatabaseChangeRefusal` for
    another major version that is older or not allowed, for less storage, and for other files of a server in a
    container unless their logical path is in `allowed`.
    """
    refuse_other_files(env, deployed, templates, allowed)
    found = None
    for stack, old, new in _instances(deployed, templates):
        faults = tuple(_faults(old, new))
        if faults:
            raise DatabaseChangeRefusal(
                env.name, "\n".join(why for why, _ in faults), "\n".join(step for _, step in faults)
            )
        before, after = _major(old), _major(new)
        if before != after:
            others = tuple(sorted(deployed.keys() - {stack}))
            found = EngineUpgrade(title=env.database.facts.title, before=before, after=after, others=others)
    return found


def refuse_other_files(
    env: Environment, deployed: Mapping[str, str], templates: TemplateSet, allowed: AbstractSet[str]
) -> None:
    """Refuse another engine or version for a server in a container: its files are of the one that wrote them.

    `allowed` has the logical path of their access point where they may stay behind. Raises `DatabaseChangeRefusal`.
    """
    for stack, before, after in _other_files(deployed, templates):
        path = f"{stack}/{RootOutput.DATABASE_ACCESS_POINT}"
        if before and path not in allowed:
            title = f"{env.database.facts.title} {env.database.version}"
            raise DatabaseChangeRefusal(
                env.name,
                f"database.version: its files are in {before}, and {title} begins without any, in {after}.",
                "Undo that change in the YAML. Or write a dump through `windsock tunnel`, deploy with "
                f"--allow-replace {path}, which begins with an empty database, and read the dump there.",
            )


def successor(deployed: Mapping[str, str], templates: TemplateSet) -> str:
    """Return the logical path of the instance that takes the place of the deployed one; empty where none does."""
    files = nested_files(templates)
    for stack, text in deployed.items():
        before, after = _serving(text), _serving(files.get(stack, ""))
        if before and after and before != after:
            return f"{stack}/{after}"
    return ""


def lacks_database(env: Environment, observed: Observed, templates: TemplateSet, *, changes: bool) -> bool:
    """Return whether containers of the new templates would start on a database that is not initialised.

    `changes` says that the template of the database does.
    """
    wanted, outputs = DATABASES[env.database.kind], observed.outputs
    if outputs is not None and (deployed_database(outputs) is not wanted or wanted.is_another(env, outputs)):
        return True
    return wanted.starts_empty(env, changes=changes) or any(_other_files(observed.nested_templates, templates))


def _serving(template: str) -> str:
    """Return the logical id of the instance that a template outputs as the database."""
    outputs = (read_template(template) or {}).get("Outputs", {}) if template else {}
    value = outputs.get(RootOutput.DATABASE_INSTANCE, {}).get("Value", "")
    return str(value.get("Ref", "") if isinstance(value, dict) else value)


def _other_files(deployed: Mapping[str, str], templates: TemplateSet) -> Iterator[tuple[str, str, str]]:
    """Yield the nested stack of a server in a container that begins with other files, and both their directories."""
    files = nested_files(templates)
    for stack, text in deployed.items():
        before, after = _directory(text), _directory(files.get(stack, ""))
        if after and before != after:
            yield stack, before, after


def _directory(template: str) -> str:
    """Return where a server in a container has its files; empty where it has none."""
    access_point = resources(template).get(RootOutput.DATABASE_ACCESS_POINT, {}) if template else {}
    return str(access_point.get("Properties", {}).get("RootDirectory", {}).get("Path", ""))


def _instances(
    deployed: Mapping[str, str], templates: TemplateSet
) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Yield the nested stack of each instance that stays, and its properties before and after."""
    files = nested_files(templates)
    for stack, text in deployed.items():
        new = resources(files[stack]) if stack in files else {}
        for logical_id, resource in resources(text).items():
            wanted = new.get(logical_id, {})
            if resource.get("Type") == wanted.get("Type") == _TYPE:
                yield stack, resource.get("Properties", {}), wanted.get("Properties", {})


def _faults(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what RDS would refuse, each with what to do instead."""
    before, after = _major(old), _major(new)
    if _number(after) < _number(before):
        yield (
            f"database.version: it runs {before}, and the YAML says {after}. RDS has no way back to an older one.",
            f'Set it, or database.former.version, to "{before}". Only database.restore_from of a snapshot leads back.',
        )
    elif before != after and not new.get("AllowMajorVersionUpgrade"):
        yield (
            f"database.version: it runs {before}, and the YAML says {after}. RDS has no way back from there.",
            f'Set database.version to "{before}" again. To upgrade, add "allow_major_version_upgrade: true" below it.',
        )
    held, wanted = (int(properties.get("AllocatedStorage", 0)) for properties in (old, new))
    if wanted < held:
        yield (
            f"database.storage_gb: it has {held} GiB, and the YAML says {wanted}. RDS takes no storage back.",
            f"Set database.storage_gb to {held} or more, or deploy under another name and bring the data over.",
        )


def _major(properties: Mapping[str, Any]) -> str:
    return str(properties.get("EngineVersion", "")).partition(".")[0]


def _number(version: str) -> int:
    return int(version) if version.isdecimal() else 0
