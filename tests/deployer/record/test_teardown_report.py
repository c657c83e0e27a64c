"""A report has everything that a teardown added, and nothing else."""

from deployer.record.teardown_report import Item, TeardownReport


def test_items_stand_in_the_order_in_which_they_went() -> None:
    """Deleted with how much it was, kept with why, one item per thing."""
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
    """Keeping none of something is nothing, too."""
    assert TeardownReport("demo").with_kept("snapshot", (), "by policy").empty


def test_a_deleted_or_a_kept_item_makes_a_report_full() -> None:
    """What was kept must be told even when nothing was deleted."""
    assert not TeardownReport("demo").with_deleted("stack", "demo").empty
    assert not TeardownReport("demo").with_kept("snapshot", ("s-1",), "by policy").empty


def test_a_report_does_not_change() -> None:
    """Whoever prints it later prints what was true then."""
    report = TeardownReport("demo")
    added = report.with_deleted("stack", "demo")
    assert report.empty
    assert not added.empty
