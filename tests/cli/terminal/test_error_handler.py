"""Three outcomes: the user's mistake, an interrupt, our bug."""

import sys
from pathlib import Path

import pytest

from cli.terminal.error_handler import report_failure
from rehearsal.host.errors import RehearsalFailure
from spec.errors import Refusal
from spec.reading.load import parse


def test_a_refusal_is_printed_with_its_next_step(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Stderr says what, why and the next step."""
    assert checkout.is_dir()
    assert report_failure(Refusal("What.", why="Why.", next_step="Next."), []) == 1
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "What.\nWhy.\nNext.\n")


def test_a_rehearsal_failure_is_printed_as_a_refusal(capsys: pytest.CaptureFixture[str]) -> None:
    """A failure of the rehearsal reads as any refusal."""
    assert report_failure(RehearsalFailure("What.", "Why.", "Next."), []) == 1
    assert capsys.readouterr().err == "What.\nWhy.\nNext.\n"


def test_a_bug_leaves_a_report(checkout: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One sentence, with the path of a file that holds the details."""
    assert checkout.is_dir()
    assert report_failure(ZeroDivisionError("by zero"), ["compile", "env.yaml"]) == 70
    (report,) = (tmp_path / "cache" / "crashes").iterdir()
    err = capsys.readouterr().err
    assert "ZeroDivisionError" in report.read_text()
    assert str(report) in err
    assert "Traceback" not in err


def test_debug_shows_the_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    """With --debug the traceback of any failure is shown."""
    with pytest.raises(Refusal) as caught:
        parse("", "env.yaml")
    assert report_failure(caught.value, ["--debug"]) == 2
    assert "Traceback" in capsys.readouterr().err


def test_a_bug_without_a_cache_is_still_reported(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The sentence stands although no report can be written."""
    monkeypatch.setenv("WINDSOCK_CACHE", str(checkout / "env.yaml"))
    assert report_failure(ZeroDivisionError(), []) == 70
    assert "--debug" in capsys.readouterr().err


def test_an_os_error_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    """A file that cannot be written is named with the system's reason."""
    assert report_failure(PermissionError(13, "Permission denied", "templates_out"), []) == 1
    assert capsys.readouterr().err == "templates_out: Permission denied.\n"


def test_an_interrupt_is_one_sentence_and_130(capsys: pytest.CaptureFixture[str]) -> None:
    """An interrupt is one sentence."""
    assert report_failure(KeyboardInterrupt(), []) == 130
    assert capsys.readouterr().err.strip() == "Interrupted. Run the same command again to go on."


def test_a_closed_stderr_is_no_second_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The exit code is then the only result."""
    path = tmp_path / "stderr"
    path.write_text("")
    with path.open() as read_only:
        monkeypatch.setattr(sys, "stderr", read_only)
        assert report_failure(Refusal("What."), []) == 1
