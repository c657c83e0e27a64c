"""Rehearses an upgrade with the rows of a real database: the old release, the dump, and the deploy of the new one."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from acceptance.databases import DATABASES
from acceptance.emulated_aws import VirtualenvImages, build_virtualenvs, session_of
from acceptance.run import Rehearsal, Stage, deploy_on, first_deploy, open_stage
from acceptance.upgrades.dumped_database import LASTING, rows, schema, unreadable
from compiler.contract import DATABASE_NAME, FERNET_SEED_SECRET
from deployer.aws.session import Session
from deployer.health.missing import all_resources
from deployer.lifetime.drain import stop_other_tasks
from deployer.stacks.outputs import Outputs
from rehearsal.clients.postgres_dump import Instance, find_programs, read_dump
from rehearsal.images.emulator_image import emulator_environment
from spec.errors import Refusal

_CREDENTIALS = "Secrets/DatabaseCredentials"
_SEED = f"Secrets/{FERNET_SEED_SECRET}"
_PADDING = "="
"""What ends a Fernet key, and is left out of the seed that containers make it of."""


class DumpRefusal(Refusal):
    """A dump is not what the upgrade would meet."""


@dataclass(frozen=True, kw_only=True)
class Dump:
    """A file of pg_dump; with the Fernet `key` of its Airflow, what is encrypted in it is read too."""

    file: Path
    key: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Upgraded:
    """What became of the rows of each table, in how many seconds; the key reads all of the `encrypted` values."""

    before: Mapping[str, int]
    after: Mapping[str, int]
    seconds: float
    encrypted: int = 0

    @property
    def lost(self) -> tuple[str, ...]:
        """The tables that had to keep every row and did not."""
        return tuple(name for name in LASTING if self.after.get(name, 0) < self.before.get(name, 0))


def rehearse_upgrade(old: Rehearsal, new: Rehearsal, dump: Dump) -> Upgraded:
    """Deploy `old`, put the dump into its database, deploy `new` over it, and return what was seen.

    Raises `Refusal` where the dump is not what the upgrade would meet, or the upgrade fails.
    """
    DATABASES[old.env.database.kind].refuse_dumps(old.env)
    with open_stage(old, named=False, keep=False) as stage:
        outputs = first_deploy(old, stage).outputs
        owner = session_of(old.env, stage.images.emulator)
        instance = _instance(old, stage, owner, outputs)
        before, encrypted = _filled(old, stage, owner, outputs, (instance, dump))
        newer = _of_release(new, stage, owner)
        with old.steps.step("upgrade", f"Upgrading to Airflow {new.env.airflow.version}, as on AWS") as notes:
            start = old.steps.clock()
            deploy_on(new, newer)
            seconds = old.steps.clock() - start
            after = rows(instance)
            notes.saw = f"healthy, with {sum(after.values())} rows in {len(after)} tables"
    return Upgraded(before=before, after=after, seconds=seconds, encrypted=encrypted)


def _instance(rehearsal: Rehearsal, stage: Stage, owner: Session, outputs: Outputs) -> Instance:
    secret = all_resources(owner, outputs.stack_id)[_CREDENTIALS].physical_id
    login = json.loads(owner.secrets.read(secret))
    return Instance(
        socket=stage.images.emulator.directory / "rds" / outputs.database / "socket",
        programs=find_programs(emulator_environment(rehearsal.options.cache / "environments")),
        user=login["username"],
        password=login["password"],
        database=DATABASE_NAME,
    )


def _filled(
    rehearsal: Rehearsal, stage: Stage, owner: Session, outputs: Outputs, given: tuple[Instance, Dump]
) -> tuple[Mapping[str, int], int]:
    """Put the dump in the place of the database, with services at zero; return its rows and its encrypted values.

    Raises `DumpRefusal` where it is of another release, or has values that the key does not read.
    """
    instance, dump = given
    with rehearsal.steps.step("dump", f"Reading {dump.file} into the database") as notes:
        own = schema(instance)
        for service in outputs.services.values():
            owner.ecs.scale(outputs.cluster, service, 0)
        stop_other_tasks(owner, outputs.cluster, outputs.database_service)
        read_dump(instance, dump.file)
        _refuse_other_schema(rehearsal, dump, schema(instance), own)
        before = rows(instance)
        notes.saw = f"{sum(before.values())} rows in {len(before)} tables"
    if not dump.key:
        return before, 0
    owner.secrets.fill(all_resources(owner, outputs.stack_id)[_SEED].physical_id, dump.key.removesuffix(_PADDING))
    python = stage.images.airflow.virtualenv / "bin" / "python"
    encrypted, unread = unreadable(instance, dump.key, python)
    if unread:
        raise DumpRefusal(
            f"The Fernet key does not read {len(unread)} of {encrypted} encrypted values in {dump.file}.",
            why=", ".join(unread),
            next_step="Give the value of core.fernet_key of the Airflow that wrote them; commas separate several.",
        )
    return before, encrypted


def _refuse_other_schema(rehearsal: Rehearsal, dump: Dump, found: str, own: str) -> None:
    if found == own:
        return
    version = rehearsal.env.airflow.version
    raise DumpRefusal(
        f"{dump.file} is not of a database of Airflow {version}.",
        why=f"Its schema is {found}; that of {version} is {own}." if found else "It has no table alembic_version.",
        next_step="Name the release that the database has as airflow.version of the YAML, and dump it whole.",
    )


def _of_release(new: Rehearsal, stage: Stage, owner: Session) -> Stage:
    """Return the stage with the image of another release, and the account itself as the deployer."""
    env, options = new.env, new.options
    with new.steps.step("environment", f"Finding or building the Python environment of {env.airflow.version}") as notes:
        virtualenvs = build_virtualenvs(env, options.checkout, options.cache / "environments")
        notes.saw = virtualenvs.airflow.name
    images = VirtualenvImages(stage.images.emulator, virtualenvs.airflow, env.fargate.architecture)
    return replace(stage, images=images, deployer=owner)
