"""Compiles and lints environment YAMLs, then writes or checks their templates."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from cli.command_line.verb import Call
from cli.compiling.compile_cache import cache_key, result_of, store_result
from cli.compiling.compile_report import CompileOutcome, CompileReport
from cli.compiling.compiled import Compiled, compile_yamls, other_version
from cli.compiling.templates_folder import templates_folder
from cli.terminal.cache_dir import cache_root
from cli.terminal.version import VERSION
from compiler.templates_out import refuse_links, stale, write
from spec.errors import Refusal

if TYPE_CHECKING:
    from cli.compiling.linting import LintFinding

_NO_FOLDER = "{folder} is not a folder."


def compile_all(call: Call, paths: Sequence[Path]) -> CompileOutcome:
    """Compile each YAML; nothing is written unless all are sound."""
    environments = compile_yamls(paths, call.options.branch)
    _refuse_same_name(environments)
    for compiled in environments:
        for notice in _notices(compiled):
            call.screen.warn(notice)
        folder = _folder(call, compiled)
        _refuse_no_folder(folder)
        refuse_links(compiled.templates, folder)
    if found := [] if call.options.no_lint else _findings(call, environments):
        call.screen.data("\n".join(map(str, found)))
        call.screen.say("Nothing was written. Change the YAML; if it is right, this is a bug in Windsock.")
        return CompileOutcome(1, findings=found)
    return _check(call, environments) if call.options.check else _write(call, environments)


def _notices(compiled: Compiled) -> tuple[str, ...]:
    return (*compiled.notices, *compiled.code_notices)


def _report(call: Call, compiled: Compiled, changed: Sequence[str]) -> CompileReport:
    return CompileReport(
        yaml=str(compiled.path),
        environment=compiled.env.name,
        folder=str(_folder(call, compiled)),
        changed=tuple(changed),
        notices=_notices(compiled),
    )


def _findings(call: Call, environments: Sequence[Compiled]) -> "list[LintFinding]":
    from cli.compiling.linting import findings_of_all  # noqa: PLC0415  # --no-lint must not pay for the linter

    return findings_of_all(environments, lambda compiled: _folder(call, compiled), cache_root(call.variables))


def _folder(call: Call, compiled: Compiled) -> Path:
    return templates_folder(compiled.path, compiled.env.name, call.options.output)


def _refuse_same_name(environments: Sequence[Compiled]) -> None:
    """Two environments of one name would overwrite each other's templates."""
    first: dict[str, Path] = {}
    for compiled in environments:
        other = first.setdefault(compiled.env.name, compiled.path)
        if other is not compiled.path:
            raise Refusal(
                f"{other} and {compiled.path} both have the name {compiled.env.name!r}.",
                next_step="Give each environment a name of its own.",
            )


def _refuse_no_folder(folder: Path) -> None:
    for part in (folder, *folder.parents):
        if part.exists() and not part.is_dir():
            raise Refusal(_NO_FOLDER.format(folder=part), next_step="Choose another folder with --output.")


def _check(call: Call, environments: Sequence[Compiled]) -> CompileOutcome:
    outcome = CompileOutcome()
    for compiled in environments:
        folder = _folder(call, compiled)
        names = stale(compiled.templates, folder)
        outcome.environments.append(_report(call, compiled, names))
        if names:
            for sentence in other_version(folder):
                call.screen.warn(sentence)
            call.screen.data("\n".join(str(folder / name) for name in names))
            count = "1 file is" if len(names) == 1 else f"{len(names)} files are"
            call.screen.say(f"{count} not what {compiled.path} says. Run: windsock compile {compiled.path}")
            outcome.code = 1
        else:
            _cache(call, compiled)
            call.screen.say(f"{compiled.path}: {folder} is up to date.")
    return outcome


def _write(call: Call, environments: Sequence[Compiled]) -> CompileOutcome:
    outcome = CompileOutcome()
    for compiled in environments:
        folder = _folder(call, compiled)
        differences = tuple(other_version(folder))
        names = write(compiled.templates, folder, VERSION)
        for sentence in differences if names else ():
            call.screen.warn(sentence)
        outcome.environments.append(_report(call, compiled, names))
        if names:
            call.screen.data("\n".join(str(folder / name) for name in names))
        removed = [name for name in names if name not in compiled.templates.files]
        counts = [f"{len(compiled.templates.files)} templates", f"{len(names) - len(removed)} changed"]
        counts += [f"{', '.join(removed)} removed"] if removed else []
        linted = "not linted" if call.options.no_lint else "lint found nothing"
        call.screen.say(f"{compiled.path}: {', '.join(counts)}; {linted}.")
        _cache(call, compiled)
    return outcome


def _cache(call: Call, compiled: Compiled) -> None:
    key = cache_key(compiled.path, linted=not call.options.no_lint)
    if key and call.options.branch is None:
        result = result_of(compiled.env.name, compiled.templates.files, _notices(compiled), compiled.other_files)
        store_result(cache_root(call.variables) / "compiled", key, result)
