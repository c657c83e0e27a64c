"""`windsock teardown`: not without the name, and with a receipt."""

from cli.verbs.teardown import receipt_text
from deployer.record.teardown_report import Item, Receipt
from tests.cli.shell import Windsock


def test_needs_the_name(windsock: Windsock, aws: list[str]) -> None:
    """Without a terminal and without --yes nothing but the account is asked for."""
    ran = windsock("teardown", "env.yaml")
    assert ran.code == 2
    assert "Add --yes." in ran.err
    assert len(aws) == 1


def test_receipt() -> None:
    """What was deleted and what was kept, each with its reason, in columns."""
    receipt = Receipt("demo", (Item("stack", "demo", "90 resources"),), (Item("snapshot", "s-1", "by policy"),))
    assert receipt_text(receipt) == "deleted  stack     demo  90 resources\nkept     snapshot  s-1   by policy"


def test_receipt_without_rest() -> None:
    """That nothing was kept is said."""
    receipt = Receipt("demo", (Item("stack", "demo"),))
    assert receipt_text(receipt).splitlines()[-1] == "Nothing kept."
    assert receipt_text(Receipt("demo")) == "There was nothing of demo; nothing kept."
