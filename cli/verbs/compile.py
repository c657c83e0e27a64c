"""Turns environment YAMLs into CloudFormation templates, below `templates_out/<name>/`, for review in a pull request.

Reports every mistake in the YAML at once, and lints the templates. Writes nothing when the YAML is refused or lint
finds something. Prints the files that changed.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

from cli.command_line.parser import Parser, add_environments, add_json
from cli.command_line.verb import Call
from cli.compiling.compile_cache import CompileResult, cache_key, load_result
from cli.compiling.compile_report import CompileOutcome, CompileReport
from cli.compiling.templates_folder import templates_folder, without_yaml
from cli.terminal.cache_dir import cache_root
from spec.errors import Refusal


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environments(parser)
    parser.add_argument(
        "--check", action="store_true", help="write nothing; fail if the templates on disk are not what the YAML says"
    )
    parser.add_argument("--branch", metavar="NAME", help="look at what the environment of this branch would be")
    add_json(parser)
    parser.add_argument(
        "--sarif",
        metavar="FILE",
        type=Path,
        help="write mistakes, warnings and findings here, as SARIF for a pull request",
    )
    parser.add_argument("--no-lint", action="store_true", help="do not lint the templates")
    parser.add_argument(
        "--output",
        metavar="DIR",
        type=Path,
        help="folder of all templates; by default templates_out beside the YAML",
    )


def run(call: Call) -> int:
    """Compile the YAMLs that changed since their last clean result; the cache answers for the others."""
    if not call.options.json:
        return _reported(call).code
    quiet = replace(call, screen=replace(call.screen, out=None))
    outcome = _reported(quiet)
    environments = [asdict(each) for each in outcome.environments]
    call.screen.data(json.dumps({"environments": environments, "findings": [*map(str, outcome.findings)]}, indent=2))
    return outcome.code


def _reported(call: Call) -> CompileOutcome:
    """Compile, and write what was found as SARIF where that is wanted, also when the YAML is refused."""
    file = call.options.sarif
    if file is None:
        return _compile(call)
    from cli.compiling import sarif  # noqa: PLC0415  # most compiles write none

    results: list[sarif.Result] = []
    try:
        outcome = _compile(call)
        results += [one for each in outcome.environments for one in sarif.of_notices(each.yaml, each.notices)]
        results += map(sarif.of_lint, outcome.findings)
    except Refusal as refusal:
        results += sarif.of_refusal(refusal, call.options.env[0])
        raise
    finally:
        file.write_text(sarif.sarif(results), encoding="utf-8")
    return outcome


def _compile(call: Call) -> CompileOutcome:
    paths = [Path(name) for name in call.options.env]
    known = {path: result for path in paths if (result := _cached(call, path))}
    reports = [_up_to_date(call, path, result) for path, result in known.items()]
    changed = [path for path in paths if path not in known]
    outcome = _compile_changed(call, changed) if changed else CompileOutcome()
    _tell_without_yaml(call, paths)
    return replace(outcome, environments=[*reports, *outcome.environments])


def _up_to_date(call: Call, path: Path, result: CompileResult) -> CompileReport:
    folder = templates_folder(path, result.name, call.options.output)
    for notice in result.notices:
        call.screen.warn(notice)
    call.screen.say(f"{path}: {folder} is up to date.")
    return CompileReport(yaml=str(path), environment=result.name, folder=str(folder), notices=result.notices)


def _compile_changed(call: Call, changed: Sequence[Path]) -> CompileOutcome:
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
