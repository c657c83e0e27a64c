"""Names what was deleted by hand and would be made again without what was in it."""

from collections.abc import Collection, Iterable, Iterator

from compiler.contract import SECRETS_OF_SNAPSHOT
from deployer.health.drift import HandChange
from deployer.stacks.stateful_types import FILE_SYSTEM
from deployer.stacks.template_diff import Loss

_SECRET = "AWS::SecretsManager::Secret"  # noqa: S105  a resource type
_HOLDING = frozenset({"AWS::RDS::DBInstance", FILE_SYSTEM})
"""A deploy fills buckets and repositories anew, and what logs held says nothing to it."""


def emptied(missing: Iterable[str], changed: Iterable[HandChange], restorable: Collection[str]) -> Iterator[Loss]:
    """Yield what would come back empty, or with another value than the database was filled with.

    `missing` and `restorable` are logical paths: of what is gone, and of secrets that only wait for their deletion.
    """
    for path in missing:
        if path.rpartition("/")[2] in SECRETS_OF_SNAPSHOT and path not in restorable:
            yield Loss(path, _SECRET, "is gone, and would come back with another value than the database knows")
    for change in changed:
        if change.deleted and change.type in _HOLDING:
            yield Loss(change.path, change.type, "is gone, and would come back empty")
