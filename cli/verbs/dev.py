"""Runs an environment on this machine and follows its files: a saved DAG shows in Airflow within seconds.

A DAG file or a module that DAGs use is parsed at once, and its DAGs, or its error with file and line, are printed.
Plugins, config/ and webserver_config.py restart what reads them. The folder of the image builds the image and restarts
with it. The environment YAML is rolled out. Airflow looks for changed files all the time, unlike on AWS.

Joins a rehearsal of the environment that is kept already. Ctrl-C ends what it began, or leaves it running with --keep.

    windsock dev env.yaml

and in another terminal:

    windsock run env.yaml orders
"""

import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from acceptance.development.development import Development, develop
from acceptance.development.events import Event
from acceptance.development.options import for_development
from acceptance.development.project import Project
from acceptance.run import Rehearsal
from acceptance.sessions import find_named
from acceptance.steps import Steps
from cli.command_line.parser import Parser, add_environment, add_events
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled, compile_yaml
from cli.compiling.selected_environment import selected_arguments
from cli.rehearsing.addresses import tell_addresses
from cli.rehearsing.arguments import add_ports, rehearsal_of, steps_of
from compiler.compile import compile_environment
from rehearsal.session import emulator_session
from spec.errors import Refusal

_DEBOUNCE, _STEP, _LOOK = 200, 50, 500
"""In milliseconds: how long an editor may take to write one change, and how often the YAML is looked at."""


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--keep", action="store_true", help="leave it running after Ctrl-C")
    add_ports(parser)
    add_events(parser)


def run(call: Call) -> int:
    """Run it and follow its files until Ctrl-C."""
    steps = steps_of(call)
    with steps.step("compile", f"Compiling {call.options.env}") as notes:
        written = compile_yaml(Path(call.options.env), call.options.branch)
        compiled = _for_development(written)
        notes.saw = f"{len(compiled.templates.files)} templates"
    rehearsal = rehearsal_of(call, compiled, steps)
    options = rehearsal.options
    goes_on = call.options.keep or find_named(options.cache, compiled.env.name) is not None
    project = Project(
        yaml=Path(call.options.env).absolute(),
        context=options.checkout / compiled.env.image.context,
        home=options.home,
    )
    with develop(rehearsal, project, lambda: _read(call), keep=call.options.keep) as development:
        tell_addresses(call, compiled.env, development.emulator, ())
        _tell(call, development.begin())
        followed = f"{options.home.name}/, {project.context.name}/ and {project.yaml.name}"
        call.screen.say(f"Follows {followed}; Ctrl-C {'leaves it running' if goes_on else 'ends it'}.")
        _follow(call, development)
    this = selected_arguments(call)
    kept = f"It goes on: `windsock dev {this}` follows again, `windsock rehearse {this} --stop` ends it."
    call.screen.result({"environment": compiled.env.name, "kept": goes_on}, "", as_json=False)
    call.screen.say(kept if goes_on else f"Ended {compiled.env.name}; nothing of it is left on this machine.")
    return 0


def _follow(call: Call, development: Development) -> None:
    """Bring each change until Ctrl-C; raises `Refusal` when somebody else has ended what runs."""
    try:
        for changed in _changes(development.project):
            if not emulator_session.is_alive(development.emulator):
                raise Refusal(f"The rehearsal of {development.rehearsal.env.name} has ended, by another command.")
            _tell(call, development.react() if changed else development.look())
    except KeyboardInterrupt:
        call.screen.say("")


def _compile(call: Call) -> Compiled:
    return _for_development(compile_yaml(Path(call.options.env), call.options.branch))


def _for_development(compiled: Compiled) -> Compiled:
    env = for_development(compiled.env)
    return Compiled(compiled.path, env, compile_environment(env))


def _read(call: Call) -> Rehearsal:
    """Return what the YAML says now."""
    return rehearsal_of(call, _compile(call), Steps(say=lambda _: None))


def _changes(project: Project) -> Iterator[bool]:
    """Yield about twice a second whether files of the project changed; first that they may have, before this began."""
    from watchfiles import watch  # noqa: PLC0415  # only this verb needs it

    before: object = None
    while True:
        folders = project.folders
        for changes in watch(*folders, debounce=_DEBOUNCE, step=_STEP, rust_timeout=_LOOK, yield_on_timeout=True):
            now = [_stamp(file) for file in project.files]
            yield bool(changes) or now != before
            before = now
            if project.folders != folders:
                break  # a new one is watched from now on


def _stamp(file: Path) -> tuple[int, int]:
    """Return when a file was written, and its size. An editor may replace the file, so that nothing tells of it."""
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_size


def _tell(call: Call, events: Iterator[Event]) -> None:
    lines = call.screen.event_lines
    for event in events:
        if lines:
            lines.line("change", **asdict(event))
            continue
        line = f"{time.strftime('%H:%M:%S')}  {event.where}  {event.what}"
        (call.screen.warn if event.wrong else call.screen.say)(line)
