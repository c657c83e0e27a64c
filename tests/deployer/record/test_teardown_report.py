"""A teardown report has every item that a teardown added, and nothing else."""

from datetime import UTC, datetime

import pytest

from deployer.aws.stacks import Event
from deployer.record.teardown_report import Item, TeardownReport, why_kept
from deployer.stacks.events import Outcome


def test_items_are_listed_in_the_order_of_deletion() -> None:
    """Deleted items with their amount, kept items with their reason, one line per resource."""
    report = (
        TeardownReport("demo")
        .with_deleted("stack", "demo", "90 resources")
        .with_kept("snapshot", ("s-1", "s-2"), "by policy")
        .with_deleted("templates", "bucket/demo/")
    )
    assert report.name == "demo"
    assert report.deleted == (Item("stack", "demo", "90 resources"), Item("templates", "bucket/demo/"))
    assert report.kept == (Item("snapshot", "s-1", "by policy"), Item("snapshot", "s-2", "by policy"))


def test_a_report_without_items_is_empty() -> None:
    """Adding zero of something adds nothing."""
    assert TeardownReport("demo").with_kept("snapshot", (), "by policy").empty


def test_a_report_with_a_kept_item_is_not_empty() -> None:
    """Kept resources are reported even when nothing was deleted."""
    assert not TeardownReport("demo").with_deleted("stack", "demo").empty
    assert not TeardownReport("demo").with_kept("snapshot", ("s-1",), "by policy").empty


def test_adding_an_item_returns_a_new_report() -> None:
    """The old report still prints what it printed before."""
    report = TeardownReport("demo")
    added = report.with_deleted("stack", "demo")
    assert report.empty
    assert not added.empty


@pytest.mark.parametrize(
    ("logical_id", "words"),
    [
        ("FernetSeed", "from.fernet_seed"),
        ("AdminPassword", "from.admin_password"),
        ("Other", "retains"),
    ],
)
def test_a_retained_secret_says_what_it_is_for(logical_id: str, words: str) -> None:
    """A snapshot without the key that encrypts its connections is of little use."""
    time = datetime(2026, 11, 1, tzinfo=UTC)
    kind = "AWS::SecretsManager::Secret"
    event = Event(
        id="1",
        stack_id="arn",
        stack="demo",
        time=time,
        logical_id=logical_id,
        physical_id="arn:secret",
        type=kind,
        status="DELETE_SKIPPED",
        reason="",
    )
    (kept,) = TeardownReport("demo").with_deletion("demo", Outcome("DELETE_COMPLETE", (), (event,))).kept
    assert (kept.kind, kept.name) == (kind, "arn:secret")
    assert words in kept.note


def test_what_stays_for_the_copies_says_so() -> None:
    """A vault without a word would be deleted, or paid for and never understood."""
    assert "copies of AWS Backup" in why_kept("Vault")
