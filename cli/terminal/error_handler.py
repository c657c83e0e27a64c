"""Reports a failure as one of three kinds: the user's mistake, an interrupt, or our bug."""

import contextlib
import os
import sys
import tempfile
import traceback
from datetime import UTC, datetime
from pathlib import Path

from cli.terminal.cache_dir import cache_root
from cli.terminal.screen import open_screen
from cli.terminal.version import VERSION
from rehearsal.host.errors import RehearsalFailure
from spec.errors import Refusal

_BUG = 70
_GO_ON = "Run the same command again to go on."
_INTERRUPTED = 130


def report_failure(error: BaseException, arguments: list[str]) -> int:
    """Say on stderr what happened and return the exit code; the traceback is shown with --debug only."""
    with contextlib.suppress(OSError):  # somebody closed stderr and wants no message
        if "--debug" in arguments and not isinstance(error, BrokenPipeError):
            open_screen(colour=False).say("".join(traceback.format_exception(error)).rstrip())
        return _say(error, arguments)
    return 1


def _say(error: BaseException, arguments: list[str]) -> int:
    screen = open_screen(colour="--no-color" not in arguments and "--no-colour" not in arguments)
    if isinstance(error, Refusal):
        screen.refuse(error)
        return error.exit_code
    if isinstance(error, RehearsalFailure):
        screen.refuse(Refusal(error.what, why=error.why, next_step=error.next_step))
        return 1
    if isinstance(error, KeyboardInterrupt):
        screen.say(f"\nInterrupted. {error.args[0] if error.args else _GO_ON}")
        return _INTERRUPTED
    if isinstance(error, BrokenPipeError):
        _let_go_of_stdout()
        return 0  # the reader has had enough; the work is done
    if isinstance(error, OSError) and error.strerror:
        if error.filename is None:
            _let_go_of_stdout()
        screen.refuse(Refusal(f"{error.filename or 'The output'}: {error.strerror}."))
        return 1
    report = _report(error, arguments)
    screen.refuse(
        Refusal(
            f"Windsock has a bug: {type(error).__name__} in `windsock {' '.join(arguments)}`.",
            why=f"The details are in {report}." if report else "",
            next_step="Please report it with that file." if report else "Run it again with --debug for the details.",
        )
    )
    return _BUG


def _let_go_of_stdout() -> None:
    """Point stdout elsewhere, so that the interpreter does not complain when it flushes at its end."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)


def _report(error: BaseException, arguments: list[str]) -> Path | None:
    try:
        folder = cache_root(os.environ) / "crashes"
        folder.mkdir(parents=True, exist_ok=True)
        text = "".join(traceback.format_exception(error))
        head = f"windsock {VERSION}\n{datetime.now(UTC).isoformat()}\n{arguments}\n\n"
        with tempfile.NamedTemporaryFile("w", dir=folder, suffix=".txt", delete=False, encoding="utf-8") as file:
            file.write(head + text)
        return Path(file.name)
    except OSError:
        return None  # a full disk must not hide the bug
