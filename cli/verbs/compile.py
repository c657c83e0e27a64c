"""Turns environment YAMLs into CloudFormation templates, below `templates_out/<name>/`, for review in a pull request.

Every mistake in the YAML is told at once. The templates are linted; nothing is written when the YAML is refused or lint
finds something. Prints the files that changed.
"""

from pathlib import Path

from cli.command_line.parser import TEMPLATES_OUT, Parser
from cli.command_line.verb import Call
from cli.compiling.compile_cache import Verdict, key_of, remembered
from cli.terminal.cache_dir import cache_root


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument("env", metavar="ENV", nargs="+", help="environment YAMLs")
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the templates on disk are not what the YAML says"
    )
    parser.add_argument("--branch", metavar="NAME", help="look at what the environment of this branch would be")
    parser.add_argument("--no-lint", action="store_true", help="do not lint the templates")
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        default=TEMPLATES_OUT,
        help="folder of all templates, templates_out by default",
    )


def run(call: Call) -> int:
    """Compile what changed since it was last found sound; the rest is answered from memory."""
    paths = [Path(name) for name in call.options.env]
    known = {path: verdict for path in paths if (verdict := _remembered(call, path))}
    for path, verdict in known.items():
        for notice in verdict.notices:
            call.screen.warn(notice)
        call.screen.say(f"{path}: {call.options.output / verdict.name} is up to date.")
    changed = [path for path in paths if path not in known]
    if not changed:
        return 0
    from cli.compiling.compile_many import compile_all  # noqa: PLC0415  # what is unchanged must not pay for the compiler

    return compile_all(call, changed)


def _remembered(call: Call, path: Path) -> Verdict | None:
    if call.options.branch is not None:
        return None
    cache = cache_root(call.variables) / "verdicts"
    key = key_of(path, linted=not call.options.no_lint)
    verdict = remembered(cache, key) if key else None
    return verdict if verdict and verdict.holds(call.options.output / verdict.name) else None
