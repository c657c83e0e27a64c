"""What a teardown did, item by item: deleted, or kept and why."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from compiler.contract import ADMIN_PASSWORD_SECRET, BACKUP_VAULT, ENCRYPTION_KEY, FERNET_SEED_SECRET
from deployer.aws.stacks import STACK_TYPE
from deployer.stacks.events import Outcome

_RESTORING: Mapping[str, str] = MappingProxyType(
    {
        FERNET_SEED_SECRET: "database.restore_from.fernet_seed: what encrypts the snapshot's connections and variables",
        ADMIN_PASSWORD_SECRET: "database.restore_from.admin_password: the password of the snapshot's first user",
        BACKUP_VAULT: "the copies of AWS Backup are in it; docs/backup.md says how to use and to delete them",
        ENCRYPTION_KEY: "database.restore_from: nobody reads the snapshot and its secrets without this key",
    }
)
"""What a retained vault, secret or key is for, by its logical id."""


def why_kept(logical_id: str) -> str:
    """Return why a deletion leaves a resource, and what it is good for then."""
    return _RESTORING.get(logical_id, "its deletion policy retains it")


@dataclass(frozen=True)
class Item:
    """One thing: its kind, its name, and for something deleted how much it was, for something kept why it was."""

    kind: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class TeardownReport:
    """The report of one environment's teardown; without items there was nothing to tear down."""

    name: str
    deleted: tuple[Item, ...] = ()
    kept: tuple[Item, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there was nothing to delete and nothing was kept."""
        return not self.deleted and not self.kept

    def with_deleted(self, kind: str, name: str, note: str = "") -> "TeardownReport":
        """Return the report with one more thing that is gone."""
        return replace(self, deleted=(*self.deleted, Item(kind, name, note)))

    def with_kept(self, kind: str, names: Iterable[str], why: str) -> "TeardownReport":
        """Return the report with more things that stay."""
        return replace(self, kept=(*self.kept, *(Item(kind, name, why) for name in names)))

    def with_deletion(self, name: str, outcome: Outcome) -> "TeardownReport":
        """Return the report with what became of a stack, unless the operation did not delete it."""
        if outcome.status != "DELETE_COMPLETE":
            return self
        gone = sum(event.status == "DELETE_COMPLETE" and event.type != STACK_TYPE for event in outcome.events)
        report = self.with_deleted("stack", name, f"{gone} resources")
        for event in outcome.raw:
            if event.status == "DELETE_SKIPPED":
                report = report.with_kept(event.type, (event.physical_id,), why_kept(event.logical_id))
        return report
