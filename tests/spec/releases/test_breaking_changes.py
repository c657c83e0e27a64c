"""What breaks is named by the releases between two."""

from packaging.version import Version

from spec.releases.breaking_changes import BREAKING_CHANGES, changes_between


def test_only_what_lies_between_is_named() -> None:
    """What the older release has already breaks no more."""
    since = {change.since for change in changes_between("2.8.0", "2.10.5")}
    assert since == {"2.9.0", "2.10.0"}


def test_the_first_release_of_a_change_has_it() -> None:
    """An upgrade to it names the change."""
    assert {change.since for change in changes_between("2.11.2", "3.0.0")} == {"3.0.0"}


def test_a_newer_patch_breaks_nothing() -> None:
    """Patches bring fixes alone."""
    assert tuple(changes_between("2.11.0", "2.11.2")) == ()


def test_every_change_says_where_airflow_says_so() -> None:
    """Oldest first, each with a page of Airflow's own."""
    assert [change.since for change in BREAKING_CHANGES] == sorted((c.since for c in BREAKING_CHANGES), key=Version)
    assert all(change.source.startswith("https://airflow.apache.org/") for change in BREAKING_CHANGES)
