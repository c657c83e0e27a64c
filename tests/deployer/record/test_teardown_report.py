"""A teardown report has every item that a teardown added, and nothing else."""

from deployer.record.teardown_report import Item, TeardownReport


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
