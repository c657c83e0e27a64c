"""Turns environment YAMLs into CloudFormation templates, below `templates_out/<name>/`, for review in a pull request.

Reports every mistake in the YAML at once, and lints the templates. Writes nothing when the YAML is refused or lint
finds something. Prints the files that changed.
"""

from pathlib import Path

from cli.command_line.parser import TEMPLATES_OUT, Parser
from cli.command_line.verb import Call
from cli.compiling.compile_cache import CompileResult, cache_key, load_result
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
    """Compile the YAMLs that changed since their last clean result; the cache answers for the others."""
    paths = [Path(name) for name in call.options.env]
    known = {path: result for path in paths if (result := _cached(call, path))}
    for path, result in known.items():
        for notice in result.notices:
            call.screen.warn(notice)
        call.screen.say(f"{path}: {call.options.output / result.name} is up to date.")
    changed = [path for path in paths if path not in known]
    if not changed:
        return 0
    from cli.compiling.compile_many import compile_all  # noqa: PLC0415  # an unchanged YAML must not pay for the compiler

    return compile_all(call, changed)


def _cached(call: Call, path: Path) -> CompileResult | None:
    if call.options.branch is not None:
        return None
    cache = cache_root(call.variables) / "compiled"
    key = cache_key(path, linted=not call.options.no_lint)
    result = load_result(cache, key) if key else None
    return result if result and result.holds(call.options.output / result.name) else None
