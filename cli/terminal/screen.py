"""The only writer to the terminal: results on stdout, messages on stderr, questions where there is a terminal."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from getpass import getpass
from io import TextIOWrapper
from os import environ
from typing import TYPE_CHECKING, TextIO

from cli.terminal.visible_text import visible
from cli.terminal.wrapping import terminal_width, wrapped
from spec.errors import Refusal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cli.terminal.event_lines import EventLines
    from deployer.progress import Progress

_COLUMNS = 80
_RED, _YELLOW, _BOLD = "31;1", "33", "1"

WITHOUT_TERMINAL = "Add --yes."


class NeedsAnswer(Refusal):
    """A question cannot be asked, because there is no terminal."""

    exit_code = 2


@dataclass(frozen=True, kw_only=True)
class Screen:
    """The output of a verb: `out` takes results, `err` everything else; `live` says that `err` is a terminal.

    With `verbose` long operations show every resource; with `events` they are JSON lines on `out`.
    """

    out: TextIO | None
    err: TextIO | None
    answers: TextIO | None
    colour: bool
    live: bool
    verbose: bool = False
    events: bool = False

    def data(self, text: str, *, now: bool = False) -> None:
        """Print a result; `now` is for readers who wait for each line."""
        if self.out:
            self.out.write(f"{visible(text)}\n")
            if now:
                self.out.flush()

    def page(self, text: str) -> None:
        """Print a result that is sentences for a person; in a narrow terminal they are broken between words."""
        narrow = self.out is not None and self.out.isatty()
        self.data(wrapped(text, terminal_width(environ, _COLUMNS)) if narrow else text)

    def result(self, facts: "Mapping[str, object]", text: str, *, as_json: bool) -> None:
        """Print what a verb has done: as text, if there is any, as JSON, or as the last line of events."""
        if self.events:
            self.data(json.dumps({"event": "result", **facts}), now=True)
        elif as_json:
            self.data(json.dumps(facts, indent=2))
        elif text:
            self.page(text)

    @property
    def event_lines(self) -> "EventLines | None":
        """What tells a program what happens; None where a person reads."""
        if not self.events:
            return None
        from cli.terminal.event_lines import EventLines  # noqa: PLC0415  # only a program that reads them pays

        return EventLines(lambda line: self.data(line, now=True))

    def say(self, text: str) -> None:
        """Print a message."""
        self._write(text)

    def warn(self, text: str) -> None:
        """Print a message that may need an action."""
        self._write(text, _YELLOW)

    def refuse(self, refusal: Refusal) -> None:
        """Print what failed, why, and what to do next."""
        self._write(refusal.what, _RED)
        for line in (refusal.why, refusal.next_step):
            if line:
                self.say(line)

    def expect_answer(self, *, yes: bool, instead: str = WITHOUT_TERMINAL) -> None:
        """Refuse at once what would ask a question later, where nobody can answer it. Raises `NeedsAnswer`."""
        if not (yes or self._asks):
            raise NeedsAnswer("A question needs an answer, and there is no terminal.", next_step=instead)

    def confirm(self, question: str, *, yes: bool) -> bool:
        """Ask a question with yes or no; no is the default. `yes` answers it."""
        return yes or self._ask(f"{question} [y/N] ").lower() in {"y", "yes"}

    def confirm_by_name(self, question: str, name: str, *, yes: bool, instead: str = WITHOUT_TERMINAL) -> bool:
        """Ask the user to type `name`; `yes` answers it, and without a terminal `instead` says what does."""
        return yes or self._ask(f"{question} Type {name} to go on: ", instead) == name

    def answer(self, question: str, *, hidden: bool = False) -> str:
        """Ask for a line at a terminal, without showing it if `hidden`; elsewhere read the next line of stdin."""
        if self.answers is None:
            raise NeedsAnswer("There is nothing to read.", next_step="Pipe it in.")
        if not self.answers.isatty():
            return self.answers.readline().strip()
        if hidden:
            with suppress(EOFError):  # the end of the input is no answer
                return getpass(f"{question}: ", stream=self.err).strip()
            return ""
        return self._ask(f"{question}: ")

    def secret(self, question: str) -> str:
        """Ask for a line without showing it; elsewhere than at a terminal read all of stdin but its last line break."""
        if self.answers is not None and not self.answers.isatty():
            return self.answers.read().removesuffix("\n").removesuffix("\r")
        return self.answer(question, hidden=True)

    def rest(self) -> str:
        """Read all that is still piped in."""
        return self.answers.read() if self.answers and not self.answers.isatty() else ""

    @contextmanager
    def progress(self, title: str, descriptions: "Mapping[str, str] | None" = None) -> "Iterator[Progress]":
        """Show a long operation: a live tree on a terminal, one line per change elsewhere, events for a program."""
        if events := self.event_lines:
            yield events
            return
        from cli.terminal.progress_lines import Lines  # noqa: PLC0415  # only verbs that wait pay for it

        if not self.live or self.err is None:
            lines = Lines(self.say, verbose=self.verbose)
            yield lines
            lines.end()
            return
        from cli.terminal.live_tree import live_tree  # noqa: PLC0415  # Rich costs more than all the rest

        with live_tree(self.err, title, descriptions or {}, colour=self.colour, verbose=self.verbose) as tree:
            yield tree

    @property
    def _asks(self) -> bool:
        return self.answers is not None and self.answers.isatty()

    def _ask(self, question: str, instead: str = WITHOUT_TERMINAL) -> str:
        self.expect_answer(yes=False, instead=instead)
        if self.err:
            self.err.write(self._paint(visible(question), _BOLD))
            self.err.flush()
        return self.answers.readline().strip() if self.answers else ""

    def _write(self, text: str, code: str = "") -> None:
        if self.err:
            shown = visible(text)
            if self.live:
                shown = wrapped(shown, terminal_width(environ, _COLUMNS))
            self.err.write(f"{self._paint(shown, code) if code else shown}\n")
            self.err.flush()

    def _paint(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour else text


def open_screen(*, colour: bool, verbose: bool = False, events: bool = False) -> Screen:
    """Return the screen of this process; colours and live trees only on a terminal that wants them."""
    terminal = sys.stderr is not None and sys.stderr.isatty() and environ.get("TERM") != "dumb"
    return Screen(
        out=_escaping(sys.stdout),
        err=_escaping(sys.stderr),
        answers=sys.stdin,
        colour=colour and terminal and not environ.get("NO_COLOR"),
        live=terminal and not environ.get("CI"),
        verbose=verbose,
        events=events,
    )


def _escaping(stream: TextIO | None) -> TextIO | None:
    """Let a stream escape the characters that its encoding lacks: a name that a user chose is no reason to fail."""
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream


def columns(rows: Sequence[Sequence[str]]) -> str:
    """Lay out rows of text in columns."""
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    lines = ("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in rows)
    return "\n".join(line.rstrip() for line in lines)
