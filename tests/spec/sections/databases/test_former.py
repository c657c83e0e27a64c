"""The instance whose place another has taken is described as far as it differs."""

import pytest

from spec.sections.database import Rds
from tests.spec.minimal import minimal, refused


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("restore_from: {snapshot: one}", "fernet_seed is missing"),
        ("former: {}", "no instance has taken the place of another"),
        ("restore_from: {snapshot: two, generation: 3}, former: {}", "snapshot is missing"),
    ],
)
def test_what_does_not_fit_together_is_refused(section: str, message: str) -> None:
    """A new environment needs the key of its snapshot, and a former instance one that took its place."""
    assert refused(more=f"database: {{{section}}}\n").message == message


def test_a_former_instance_is_like_the_present_one_but_for_what_it_says() -> None:
    """Its engine and its own snapshot; it is not restored from that of its successor."""
    database = minimal(
        more='database: {version: "15", restore_from: {snapshot: two, generation: 3}, former: {snapshot: one}}\n'
    ).database
    assert isinstance(database, Rds)
    former = database.former_instance
    assert former is not None
    assert (database.generation, former.generation) == (3, 2)
    assert (former.version, former.restored_snapshots, former.former) == ("15", ("one",), None)
