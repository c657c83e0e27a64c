"""A receipt has everything that a teardown wrote down, and nothing else."""

from deployer.record.teardown_report import Item, ReportWriter


def test_items_stand_in_the_order_in_which_they_went() -> None:
    """Deleted with how much it was, kept with why, one item per thing."""
    ledger = ReportWriter("demo")
    ledger.deleted("stack", "demo", "90 resources")
    ledger.kept("snapshot", ("s-1", "s-2"), "by policy")
    ledger.deleted("templates", "bucket/demo/")
    receipt = ledger.receipt()
    assert receipt.name == "demo"
    assert receipt.deleted == (Item("stack", "demo", "90 resources"), Item("templates", "bucket/demo/"))
    assert receipt.kept == (Item("snapshot", "s-1", "by policy"), Item("snapshot", "s-2", "by policy"))


def test_nothing_written_is_empty() -> None:
    """Keeping none of something is nothing, too."""
    ledger = ReportWriter("demo")
    ledger.kept("snapshot", (), "by policy")
    assert ledger.receipt().empty


def test_either_side_makes_it_full() -> None:
    """What was kept must be told even when nothing was deleted."""
    gone, stays = ReportWriter("demo"), ReportWriter("demo")
    gone.deleted("stack", "demo")
    stays.kept("snapshot", ("s-1",), "by policy")
    assert not gone.receipt().empty
    assert not stays.receipt().empty


def test_a_receipt_that_was_given_out_does_not_change() -> None:
    """Whoever prints it later prints what was true then."""
    ledger = ReportWriter("demo")
    receipt = ledger.receipt()
    ledger.deleted("stack", "demo")
    assert receipt.empty
    assert not ledger.receipt().empty
