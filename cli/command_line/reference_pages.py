"""Writes the reference pages of the verbs from their declarations and docstrings."""

from argparse import Action

from cli.command_line.all_verbs import VERBS
from cli.command_line.dispatch import find, parser_of
from cli.command_line.parser import EXIT_CODES

_INDEX = """# Verbs

`windsock VERB --help` prints the same text as these pages. Results go to stdout, messages to stderr. `NO_COLOR`, or
`--no-color`, switches colours off. Without a terminal, or with `CI` set, progress is one line per phase and nested
stack; `--verbose` shows every resource.

| verb | what it does |
|---|---|
{verbs}

## Exit codes

| code | meaning |
|---|---|
{codes}
"""

_PAGE = """# windsock {name}

    {usage}

{text}

| argument | meaning |
|---|---|
{rows}
"""


def pages() -> dict[str, str]:
    """Return file names and texts of `docs/verbs/`."""
    return {"index.md": _index(), **{f"{name}.md": _page(name) for name in VERBS}}


def _index() -> str:
    verbs = "\n".join(f"| [`{name}`]({name}.md) | {line} |" for name, line in VERBS.items())
    codes = "\n".join(f"| {code} | {meaning} |" for code, meaning in EXIT_CODES.items())
    return _INDEX.format(verbs=verbs, codes=codes)


def _page(name: str) -> str:
    verb = find(name)
    declared = parser_of(name, verb).declared
    places = [action for action in declared if not action.option_strings]
    options = [action for action in declared if action.option_strings]
    usage = " ".join([f"windsock {name}", *(_place(action) for action in places), "[OPTIONS]"])
    rows = "\n".join(f"| `{_names(action)}` | {_help(action)} |" for action in (*places, *options))
    return _PAGE.format(name=name, usage=usage, text=(verb.__doc__ or "").strip(), rows=rows)


def _place(action: Action) -> str:
    metavar = str(action.metavar)
    return {"?": f"[{metavar}]", "*": f"[{metavar} ...]"}.get(str(action.nargs), metavar)


def _names(action: Action) -> str:
    if not action.option_strings:
        return str(action.metavar)
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return ", ".join(f"{name}{value}" for name in action.option_strings)


def _help(action: Action) -> str:
    return "print what this page says" if action.dest == "help" else action.help or ""
