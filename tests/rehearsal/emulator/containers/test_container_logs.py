"""The promises of rehearsal/emulator/containers/container_logs.py."""

from pathlib import Path

from rehearsal.emulator.containers import container_logs


def test_only_whole_lines_are_forwarded() -> None:
    """A half line waits for its other half."""
    assert container_logs.split(b"one\ntwo\nthr") == (b"one\ntwo\n", b"thr")
    assert container_logs.split(b"thr") == (b"", b"thr")


def test_a_line_too_long_for_an_event_is_forwarded() -> None:
    """A line longer than an event may be is not kept for ever."""
    endless = b"x" * container_logs.MAX_LINE_BYTES
    assert container_logs.split(endless) == (endless, b"")


def test_follow_yields_everything_until_the_end(tmp_path: Path) -> None:
    """What is printed last arrives, its line break missing or not."""
    file = tmp_path / "log"
    file.write_bytes(b"one\ntw")
    moments = iter([False, True, True])

    def ended() -> bool:
        over = next(moments)
        if not over:
            with file.open("ab") as more:
                more.write(b"o\nlast")
        return over

    assert b"".join(container_logs.follow(file, ended=ended)) == b"one\ntwo\nlast"


def test_tail_has_the_last_lines(tmp_path: Path) -> None:
    """The last lines of a log, and nothing of one that is not there."""
    (tmp_path / "log").write_text("a\nb\nc\n", encoding="utf-8")
    assert container_logs.tail(tmp_path / "log", 2) == "b\nc"
    assert container_logs.tail(tmp_path / "none", 2) == ""
