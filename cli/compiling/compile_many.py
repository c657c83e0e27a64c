"""The work of `compile`: draw, lint, then write or check."""

from collections.abc import Sequence
from pathlib import Path

from cli.command_line.verb import Call
from cli.compiling.compile_cache import key_of, remember, verdict_of
from cli.compiling.compiled import Drawing, draw_all
from cli.compiling.linting import findings
from cli.terminal.cache_dir import cache_root
from compiler.templates_out import stale, write
from spec.errors import Refusal

_NO_FOLDER = "{folder} is not a folder."


def compile_all(call: Call, paths: Sequence[Path]) -> int:
    """Compile each YAML; nothing is written unless all are sound. Returns the exit code."""
    drawings = draw_all(paths, call.options.branch)
    _refuse_twins(drawings)
    for drawing in drawings:
        for notice in drawing.notices:
            call.screen.warn(notice)
        _refuse_no_folder(call.options.output / drawing.env.name)
    if found := [] if call.options.no_lint else _lint(call, drawings):
        call.screen.data("\n".join(found))
        call.screen.say("Nothing was written. Change the YAML; if it is right, this is a bug in Windsock.")
        return 1
    return _check(call, drawings) if call.options.check else _write(call, drawings)


def _lint(call: Call, drawings: Sequence[Drawing]) -> list[str]:
    cache = cache_root(call.variables)
    return [line for drawing in drawings for line in findings(drawing, call.options.output, cache)]


def _refuse_twins(drawings: Sequence[Drawing]) -> None:
    """Two environments of one name would overwrite each other's templates."""
    first: dict[str, Path] = {}
    for drawing in drawings:
        other = first.setdefault(drawing.env.name, drawing.path)
        if other is not drawing.path:
            raise Refusal(
                f"{other} and {drawing.path} both have the name {drawing.env.name!r}.",
                next_step="Give each environment a name of its own.",
            )


def _refuse_no_folder(folder: Path) -> None:
    for part in (folder, *folder.parents):
        if part.exists() and not part.is_dir():
            raise Refusal(_NO_FOLDER.format(folder=part), next_step="Choose another folder with --output.")


def _check(call: Call, drawings: Sequence[Drawing]) -> int:
    code = 0
    for drawing in drawings:
        folder = call.options.output / drawing.env.name
        if names := stale(drawing.templates, folder):
            call.screen.data("\n".join(str(folder / name) for name in names))
            count = "1 file is" if len(names) == 1 else f"{len(names)} files are"
            call.screen.say(f"{count} not what {drawing.path} says. Run: windsock compile {drawing.path}")
            code = 1
        else:
            _keep(call, drawing)
            call.screen.say(f"{drawing.path}: {folder} is up to date.")
    return code


def _write(call: Call, drawings: Sequence[Drawing]) -> int:
    for drawing in drawings:
        folder = call.options.output / drawing.env.name
        names = write(drawing.templates, folder)
        if names:
            call.screen.data("\n".join(str(folder / name) for name in names))
        linted = "not linted" if call.options.no_lint else "lint found nothing"
        total = len(drawing.templates.files)
        call.screen.say(f"{drawing.path}: {total} templates, {len(names)} changed; {linted}.")
        _keep(call, drawing)
    return 0


def _keep(call: Call, drawing: Drawing) -> None:
    key = key_of(drawing.path, linted=not call.options.no_lint)
    if key and call.options.branch is None:
        verdict = verdict_of(drawing.env.name, drawing.templates.files, drawing.notices, drawing.beside)
        remember(cache_root(call.variables) / "verdicts", key, verdict)
