"""The promises of rehearsal/emulator/rules/flow_log.py."""

from pathlib import Path

from rehearsal.emulator.rules.flow_log import FlowLog, Passed, read

WEB = Passed(source=("sg-1", "sg-2"), target=("sg-3",), flow="tcp 5432")
OUT = Passed(source=("sg-1",), target=("192.0.2.1",), flow="tcp 443")


def test_each_connection_is_written_once(tmp_path: Path) -> None:
    """However often it is opened."""
    log = FlowLog(tmp_path)
    for passed in (WEB, OUT, WEB):
        log.record(passed)
    assert read(tmp_path) == (WEB, OUT)


def test_an_emulator_without_connections_has_none(tmp_path: Path) -> None:
    """A stack without tasks opens nothing."""
    assert read(tmp_path) == ()
