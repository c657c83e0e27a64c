"""Names the hops over which a database comes from one Airflow release to another, up and down.

Airflow migrates a database from the releases that it still knows, and a downgrade is the work of the newer release.
Source: https://airflow.apache.org/docs/apache-airflow/stable/installation/upgrading.html
"""

from collections.abc import Iterator
from dataclasses import dataclass

from packaging.version import Version

from spec.releases.breaking_changes import BreakingChange, changes_between
from spec.releases.table import RELEASES, Release


class NoRoad(ValueError):
    """No hops lead from one release to the other; the text says why."""


@dataclass(frozen=True)
class Hop:
    """One migration of the database from a release to another."""

    before: str
    after: str

    @property
    def is_downgrade(self) -> bool:
        """Whether it leads to an older release."""
        return Version(self.after) < Version(self.before)

    @property
    def runner(self) -> Release:
        """The release whose code migrates: the newer of both."""
        return RELEASES[self.before if self.is_downgrade else self.after]

    @property
    def command(self) -> str:
        """What its image runs; either command may be run again after it was killed."""
        if self.is_downgrade:
            return f"airflow db downgrade --to-version {self.after} --yes"
        return self.runner.migrate_database

    @property
    def way_back(self) -> "Hop":
        """The hop that undoes it."""
        return Hop(self.after, self.before)

    @property
    def breaks(self) -> tuple[BreakingChange, ...]:
        """What the newer of both releases takes away."""
        return tuple(changes_between(*sorted((self.before, self.after), key=Version)))

    def __str__(self) -> str:
        return f"{self.before} -> {self.after}"


def road(before: str, after: str) -> tuple[Hop, ...]:
    """Return the hops from one release to another; none where they are the same. Raises `NoRoad`."""
    for version in (before, after):
        if version not in RELEASES:
            raise NoRoad(f"Windsock does not run Airflow {version}: it knows {', '.join(RELEASES)}.")
    if Version(after) < Version(before):
        return tuple(hop.way_back for hop in reversed(road(after, before)))
    return tuple(_up(before, after))


def _up(before: str, after: str) -> Iterator[Hop]:
    """Yield the hops to a newer release, each as far as it can go."""
    while before != after:
        reached = [
            version
            for version, release in RELEASES.items()
            if Version(before) < Version(version) <= Version(after) and release.migrates(before)
        ]
        if not reached:
            raise NoRoad(f"No release that Windsock runs migrates a database of Airflow {before}.")
        # The last release of a major version knows how to prepare for the next one.
        yield Hop(before, reached[-1])
        before = reached[-1]
