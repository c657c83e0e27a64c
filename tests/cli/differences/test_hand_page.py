"""What people changed by hand, in one line each."""

from dataclasses import replace

from cli.differences.hand_page import hand_lines
from cli.differences.markdown_page import markdown_page
from cli.differences.text_page import text_page
from deployer.differences.by_hand import ChangeByHand, Outcome
from deployer.differences.difference import NO_DIFFERENCE
from tests.cli.differences.pages import found

CHANGE = ChangeByHand(
    path="Database/Instance",
    type="AWS::RDS::DBInstance",
    property="DBInstanceClass",
    deployed="db.t4g.micro",
    actual="db.t4g.small",
    wanted="",
    outcome=Outcome.LEFT,
)
LINE = (
    "Database/Instance DBInstanceClass (AWS::RDS::DBInstance): db.t4g.micro was deployed, db.t4g.small is there; "
    "a deploy leaves it so; `windsock deploy --repair` takes it back"
)


def test_all_three_values_are_told() -> None:
    """That of the YAML where it is another one."""
    third = replace(CHANGE, wanted="db.t4g.large", outcome=Outcome.AT_RISK)
    assert list(hand_lines((CHANGE,))) == [LINE]
    assert "db.t4g.small is there, and db.t4g.large by the YAML; this deploy" in next(hand_lines((third,)))


def test_a_resource_that_is_gone_has_no_property() -> None:
    """And a long value is cut."""
    gone = replace(CHANGE, property="", deployed="there", actual="gone", outcome=Outcome.REMADE)
    assert next(hand_lines((gone,))).startswith("Database/Instance (AWS::RDS::DBInstance): it is gone; `windsock")
    assert "x…" in next(hand_lines((replace(CHANGE, actual="x" * 100),)))


def test_pages_tell_it_before_what_a_deploy_changes() -> None:
    """Also where a deploy changes nothing."""
    both = replace(found(), by_hand=(CHANGE,))
    assert text_page(both).index("Changed by hand") < text_page(both).index("State at risk")
    alone = replace(found(NO_DIFFERENCE), by_hand=(CHANGE,))
    assert text_page(alone).endswith(f"Changed by hand\n  {LINE}")
    assert "**Changed by hand**" in markdown_page(alone)
