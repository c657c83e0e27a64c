"""What a teardown did, item by item: deleted, or kept and why."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One thing: its kind, its name, and for something deleted how much it was, for something kept why it was."""

    kind: str
    name: str
    note: str = ""


@dataclass(frozen=True)
class TeardownReport:
    """The receipt of one environment's teardown; nothing on it means that there was nothing."""

    name: str
    deleted: tuple[Item, ...] = ()
    kept: tuple[Item, ...] = ()

    @property
    def empty(self) -> bool:
        """Whether there was nothing to delete and nothing was kept."""
        return not self.deleted and not self.kept


class ReportWriter:
    """Collects the items of a receipt while a teardown goes on."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._deleted: list[Item] = []
        self._kept: list[Item] = []

    def deleted(self, kind: str, name: str, note: str = "") -> None:
        """Something is gone."""
        self._deleted.append(Item(kind, name, note))

    def kept(self, kind: str, names: Iterable[str], why: str) -> None:
        """Add things that stay."""
        self._kept.extend(Item(kind, name, why) for name in names)

    def receipt(self) -> TeardownReport:
        """Return what was written so far."""
        return TeardownReport(self._name, tuple(self._deleted), tuple(self._kept))
