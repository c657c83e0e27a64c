"""Turns environment YAMLs into CloudFormation templates, below `templates_out/<name>/`, for review in a pull request.

Reports every mistake in the YAML at once, and lints the templates. Writes nothing when the YAML is refused or lint
finds something. Prints the files that changed.
"""

from collections.abc import Sequence
from pathlib import Path

from cli.command_line.parser import Parser, add_environments
from cli.command_line.verb import Call
from cli.compiling.compile_cache import CompileResult, cache_key, load_result
from cli.compiling.templates_folder import templates_folder, without_yaml
from cli.terminal.cache_dir import cache_root


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environments(parser)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the templates on disk are not what the YAML says"
    )
    parser.add_argument("--branch", metavar="NAME", help="look at what the environment of this branch would be")
    parser.add_argument("--no-lint", action="store_true", help="do not lint the templates")
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        help="folder of all templates; by default templates_out beside the YAML",
    )


def run(call: Call) -> int:
    """Compile the YAMLs that changed since their last clean result; the cache answers for the others."""
    paths = [Path(name) for name in call.options.env]
    known = {path: result for path in paths if (result := _cached(call, path))}
    for path, result in known.items():
        for notice in result.notices:
            call.screen.warn(notice)
        call.screen.say(f"{path}: {templates_folder(path, result.name, call.options.output)} is up to date.")
    changed = [path for path in paths if path not in known]
    code = _compile(call, changed) if changed else 0
    _tell_without_yaml(call, paths)
    return code


def _compile(call: Call, changed: Sequence[Path]) -> int:
    from cli.compiling.compile_many import compile_all  # noqa: PLC0415  # an unchanged YAML must not pay for the compiler

    return compile_all(call, changed)


def _tell_without_yaml(call: Call, paths: Sequence[Path]) -> None:
    """Name the templates that a renamed environment left behind."""
    for project in dict.fromkeys(path.parent for path in paths):
        for folder in () if call.options.output else without_yaml(project):
            call.screen.warn(
                f"{folder} belongs to no environment YAML beside it. If {folder.name} is still deployed, take it down "
                f"with its old name first; then remove the folder: git rm -r {folder}"
            )


def _cached(call: Call, path: Path) -> CompileResult | None:
    if call.options.branch is not None:
        return None
    cache = cache_root(call.variables) / "compiled"
    key = cache_key(path, linted=not call.options.no_lint)
    result = load_result(cache, key) if key else None
    return result if result and result.holds(templates_folder(path, result.name, call.options.output)) else None
