"""The promises of rehearsal/emulator/rules/zone_outages.py."""

from pathlib import Path

from rehearsal.emulator.rules.zone_outages import Outage, current_outage, put_outage


def test_every_zone_answers_until_somebody_says_otherwise(tmp_path: Path) -> None:
    """And again after the end of the outage."""
    assert current_outage(tmp_path).zones == ()
    put_outage(tmp_path, Outage(("eu-central-1a",)))
    assert current_outage(tmp_path).zones == ("eu-central-1a",)
    put_outage(tmp_path, Outage())
    assert current_outage(tmp_path).zones == ()


def test_aws_notices_later(tmp_path: Path) -> None:
    """By the clock of this machine, from the moment at which the outage was put."""
    put_outage(tmp_path, Outage(("eu-central-1a",), noticed_after=3600))
    assert not current_outage(tmp_path).is_noticed
    put_outage(tmp_path, Outage(("eu-central-1a",), noticed_after=0))
    assert current_outage(tmp_path).is_noticed
