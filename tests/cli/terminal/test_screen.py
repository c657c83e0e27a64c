"""Results and messages go to different streams, and questions need a terminal."""

import io
import sys

import pytest

from cli.terminal.screen import NeedsAnswer, Screen, columns, open_screen
from spec.errors import Refusal


class AnsweringTerminal(io.StringIO):
    """A terminal with somebody at it."""

    def isatty(self) -> bool:
        """Say that this is a terminal."""
        return True


def screen(answer: str | None = None, *, colour: bool = False) -> Screen:
    """Return a screen in memory; `answer` is what will be typed."""
    answers = AnsweringTerminal(answer) if answer is not None else io.StringIO()
    return Screen(out=io.StringIO(), err=io.StringIO(), answers=answers, colour=colour, live=False)


def written(stream: io.StringIO | object) -> str:
    """Return what was written."""
    assert isinstance(stream, io.StringIO)
    return stream.getvalue()


def test_results_and_messages_go_to_different_streams() -> None:
    """Results go to one stream, everything else to the other."""
    paper = screen()
    paper.data("result")
    paper.say("talk")
    paper.warn("warning")
    assert written(paper.out) == "result\n"
    assert written(paper.err) == "talk\nwarning\n"


def test_the_first_line_of_a_refusal_is_red() -> None:
    """Only where colours are wanted."""
    paper = screen(colour=True)
    paper.refuse(Refusal("What.", next_step="Next."))
    assert written(paper.err) == "\x1b[31;1mWhat.\x1b[0m\nNext.\n"


@pytest.mark.parametrize(
    ("answer", "agreed"), [("y\n", True), ("YES\n", True), ("n\n", False), ("\n", False), ("", False)]
)
def test_only_a_yes_confirms(answer: str, agreed: bool) -> None:  # noqa: FBT001  # a table column
    """The question goes to stderr."""
    paper = screen(answer)
    assert paper.confirm("Deploy?", yes=False) is agreed
    assert written(paper.out) == ""
    assert written(paper.err) == "Deploy? [y/N] "


def test_a_deletion_is_confirmed_by_the_exact_name() -> None:
    """Letter by letter."""
    assert screen("demo\n").confirm_by_name("Gone.", "demo", yes=False)
    assert not screen("y\n").confirm_by_name("Gone.", "demo", yes=False)


def test_the_option_yes_skips_the_question() -> None:
    """With --yes no question is put."""
    paper = screen()
    assert paper.confirm("Deploy?", yes=True)
    assert paper.confirm_by_name("Gone.", "demo", yes=True)
    assert written(paper.err) == ""


def test_a_question_without_a_terminal_is_refused() -> None:
    """Without a terminal a question is refused, with the option that answers it."""
    with pytest.raises(NeedsAnswer, match="--yes") as caught:
        screen().confirm("Deploy?", yes=False)
    assert caught.value.exit_code == 2


def test_a_process_without_streams_prints_nothing() -> None:
    """A process without streams still works."""
    nowhere = Screen(out=None, err=None, answers=None, colour=False, live=False)
    nowhere.data("x")
    nowhere.say("x")
    with pytest.raises(NeedsAnswer):
        nowhere.confirm("?", yes=False)


def test_without_a_terminal_there_is_no_colour() -> None:
    """Nor a live tree."""
    opened = open_screen(colour=True)
    assert (opened.colour, opened.live) == (False, False)


def test_a_character_that_the_encoding_lacks_is_escaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """In a locale that knows only ASCII, a path with an umlaut is printed, not a failure."""
    paper = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(paper, "ascii", write_through=True))
    open_screen(colour=False).data("söck/env.yaml")
    assert paper.getvalue() == b"s\\xf6ck/env.yaml\n"


def test_sentences_fit_a_terminal_of_60_columns_and_are_whole_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page goes on under the beginning of its line; a file or a program gets each line as it is."""
    monkeypatch.setenv("COLUMNS", "60")
    text = f"Interrupted\n    {'the services start anew ' * 6}end"
    for paper in (AnsweringTerminal(), io.StringIO()):
        Screen(out=paper, err=None, answers=None, colour=False, live=False).page(text)
        lines = paper.getvalue().splitlines()
        if paper.isatty():
            assert all(len(line) <= 60 for line in lines)
            assert all(line.startswith("    ") for line in lines[1:])
            assert " ".join(paper.getvalue().split()) == " ".join(text.split())
        else:
            assert lines == text.splitlines()


def test_columns_line_up() -> None:
    """Lines have no trailing blanks."""
    assert columns([("a", "bb", ""), ("ccc", "d", "")]) == "a    bb\nccc  d"


def test_progress_without_a_terminal_is_lines() -> None:
    """Where nobody watches, progress is one line per change."""
    paper = screen()
    with paper.progress("demo") as progress:
        progress.phase("image", "build")
        progress.note("half way")
    assert written(paper.err) == "== image: build\nhalf way\n"


def test_nothing_that_is_written_steers_the_terminal() -> None:
    """Results, messages and questions show it; colours of our own stay."""
    shown = screen("yes\n", colour=True)
    for write in (shown.data, shown.say, shown.warn, lambda text: shown.refuse(Refusal(text))):
        write("a\x9bb")
    shown.confirm("a\x9bb", yes=False)
    assert "\x9b" not in written(shown.out) + written(shown.err)
    assert written(shown.err).count("a\\u009bb") == 4
    assert "\x1b[33ma" in written(shown.err)
