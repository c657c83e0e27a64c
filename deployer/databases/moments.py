"""Looks whether the backups of a database reach the moment that another begins with, before anything is created."""

from collections.abc import Sequence
from datetime import UTC, datetime

from deployer.aws.rds import RestoreWindow
from deployer.aws.session import Session
from spec.environment import Environment
from spec.errors import Refusal
from spec.sections.database import Rds

_FORM = "%Y-%m-%dT%H:%M:%SZ"


class MomentRefusal(Refusal):
    """There are no backups of that moment."""


def written(moment: datetime) -> str:
    """Return a moment as the YAML has it, in UTC and whole seconds."""
    return moment.astimezone(UTC).strftime(_FORM)


def refuse_moment(name: str, faults: Sequence[str]) -> None:
    """Refuse a moment with faults. Raises `MomentRefusal`."""
    if faults:
        raise MomentRefusal(
            f"{name} cannot begin with what is below database.restore_from; nothing was changed.",
            why="\n".join(faults),
            next_step="Let `windsock restore --to TIME` write the lines for another moment.",
        )


def moment_faults(env: Environment, session: Session) -> tuple[str, ...]:
    """Return why the database of the YAML cannot begin with a moment of backups, in sentences."""
    database = env.database
    source = database.restore_from if isinstance(database, Rds) else None
    if source is None or not (source.instance and source.time):
        return ()
    fault = outside(source.instance, datetime.fromisoformat(source.time), session.rds.restore_window(source.instance))
    return (fault,) if fault else ()


def outside(instance: str, moment: datetime, window: RestoreWindow | None) -> str:
    """Say why the backups of an instance do not reach a moment; empty where they do."""
    if window is None:
        return (
            f"RDS has no backups of {instance}: database.backup_days is 0, the first is not taken, or they are deleted."
        )
    if window.earliest <= moment <= window.latest:
        return ""
    reach = f"from {written(window.earliest)} to {written(window.latest)}"
    return f"The backups of {instance} reach {reach}, and {written(moment)} is not among that."
