"""Tells, before anybody says yes, what an upgrade breaks, how long it takes, and the way back."""

from collections.abc import Iterator, Sequence

from packaging.version import Version

from deployer.plans.upgrade import Upgrade
from spec.releases.upgrades import Hop


def announcement(name: str, upgrade: Upgrade) -> Iterator[str]:
    """Yield the lines for an environment that is to come to another release, or another version of its database."""
    yield f"{name} goes on with another instance, {upgrade}." if upgrade.successor else f"{name} comes from {upgrade}."
    yield from breaking_lines(upgrade.hops)
    yield f"Nothing runs for about {upgrade.minutes} minutes; a large database takes longer to copy and to migrate."
    yield f"The way back: {_way_back(upgrade)}"


def breaking_lines(hops: Sequence[Hop]) -> Iterator[str]:
    """Yield what each hop breaks, with the page of Airflow that says so."""
    for hop in hops:
        if hop.breaks:
            verb = "takes back" if hop.is_downgrade else "brings"
            yield f"{hop} {verb}, since {', '.join(sorted({change.since for change in hop.breaks}, key=Version))}:"
            yield from (f"  - {change.what}" for change in hop.breaks)
            yield from (f"  {source}" for source in dict.fromkeys(change.source for change in hop.breaks))


def _way_back(upgrade: Upgrade) -> str:
    if upgrade.successor:
        return (
            "undo the change in the YAML. The former instance stays as it is, and is paid, as long as the YAML has it."
        )
    kept = "a snapshot holds the database as it is now" if upgrade.snapshot else "no snapshot is taken"
    if upgrade.engine:
        beside = " From that, database.restore_from makes another instance." if upgrade.snapshot else ""
        return f"RDS has none from {upgrade.engine.after} to {upgrade.engine.before}; {kept}.{beside}"
    first = upgrade.hops[0]
    flag = "" if first.is_downgrade else " --allow-downgrade"
    return f"set airflow.version to {first.before} again, compile, and `windsock deploy{flag}`; {kept}."
