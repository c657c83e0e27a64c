"""Runs the verb that a command line names."""

import importlib
import os
import signal
from collections.abc import Callable
from typing import Never, cast

from cli.command_line.all_verbs import MEANT, VERBS
from cli.command_line.parser import COMMAND, Parser, UsageRefusal, add_global_options, unknown_verb
from cli.command_line.verb import Call, Verb
from cli.terminal.screen import open_screen
from cli.terminal.wrapping import terminal_width, wrapped

_UNBROKEN = 1000  # where help goes to no terminal, its lines stay as they are written
_WITH_VALUE = ("--profile", "--region")


def dispatch(arguments: list[str], prepare: Callable[[Call], Call]) -> int:
    """Run the verb that `arguments` name; `prepare` gets the call first. Options before the verb count as well."""
    name, rest = _split(arguments)
    verb = find(name)
    parser = parser_of(name, verb)
    if {"-h", "--help"} & set(rest[: rest.index(COMMAND)] if COMMAND in rest else rest):
        return _help(parser)
    options = parser.read(rest)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    screen = open_screen(colour=not options.no_color, verbose=options.verbose, events=getattr(options, "events", False))
    if options.found:
        screen.say(f"Environment: {options.found}")
    return verb.run(prepare(Call(screen, options, os.environ)))


def find(name: str) -> Verb:
    """Import the module of a verb; raises `UsageRefusal` with a guess when there is none."""
    if name not in VERBS:
        raise unknown_verb(name, VERBS, MEANT)
    return cast("Verb", importlib.import_module(f"cli.verbs.{name}"))


def parser_of(name: str, verb: Verb) -> Parser:
    """Return the parser that a verb's declarations make."""
    parser = Parser(name, verb.__doc__ or "")
    verb.arguments(parser)
    add_global_options(parser)
    return parser


def _interrupt(_number: int, _frame: object) -> Never:
    """End as Ctrl-C does: a cancelled CI job, too, must leave nothing behind."""
    raise KeyboardInterrupt


def _split(arguments: list[str]) -> tuple[str, list[str]]:
    before: list[str] = []
    words = iter(arguments)
    for word in words:
        if not word.startswith("-"):
            return word, [*before, *words]
        before.append(word)
        if word in _WITH_VALUE:
            before += [next(words, "")]
    raise UsageRefusal(f"windsock {' '.join(arguments)} names no verb.", next_step="`windsock --help` lists them.")


def _help(parser: Parser) -> int:
    text = parser.format_help().rstrip()
    open_screen(colour=False).data(wrapped(text, terminal_width(os.environ, _UNBROKEN)))
    return 0
