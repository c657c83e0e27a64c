"""Adds an Airflow release to a project: finds it, makes its pins, rehearses it, and keeps the files."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

from acceptance.emulated_aws import Ports
from acceptance.run import Options, Rehearsal, rehearse
from acceptance.steps import StepRefusal, Steps
from cli.airflow_releases.new_release import EXECUTORS, NewRelease, Places
from cli.airflow_releases.package_index import Uv, published, run_uv
from cli.airflow_releases.requirements_table import pythons
from cli.command_line.parser import UsageRefusal
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.compiling.linting import refuse_findings
from cli.rehearsing.arguments import steps_of
from cli.terminal.cache_dir import cache_root
from cli.terminal.interruption import interruptible
from spec.releases.option_list import doubtful_options
from spec.releases.table import RELEASES, Release, add_releases


def add(call: Call, uv: Uv = run_uv) -> None:
    """Add the release that a command line names. Raises `Refusal` and `RehearsalFailure`; nothing is kept then."""
    steps, version = steps_of(call), call.options.version
    with interruptible("Nothing was kept."), tempfile.TemporaryDirectory(prefix="windsock-release-") as folder:
        with steps.step("release", f"Asking the package index for Airflow {version}") as notes:
            release = published(version, uv)
            tested = pythons(release.metadata)
            notes.saw = f"of {release.day}, tested with Python {', '.join(tested)}"
        python = call.options.python or tested[-1]
        if python not in tested:
            raise UsageRefusal(
                f"Airflow {version} was not tested with Python {python}.", next_step=f"Valid: {', '.join(tested)}."
            )
        new = NewRelease(release=release, python=python, folder=Path(folder), known=_is_known(version, python))
        with steps.step("pins", f"Resolving its packages as of {release.day}") as notes:
            notes.saw = f"{new.resolve(uv)} pins for Python {python}"
        with steps.step("options", "Building its environment, and listing its options") as notes:
            notes.saw = f"{new.list_options(cache_root(call.variables) / 'environments')} options"
        add_releases(new.releases)
        for sentence in doubts(RELEASES[version]):
            steps.remark(sentence)
        if not call.options.no_rehearsal:
            for executor in EXECUTORS:
                _rehearse(call, new, executor, steps)
        kept = new.keep(Places.of(Path.cwd()), rehearsed=not call.options.no_rehearsal)
    facts = {"version": version, "python": python, "files": [str(path) for path in kept]}
    call.screen.result(facts, "\n".join(map(str, kept)), as_json=call.options.json)
    call.screen.say(f"Environments of this folder may name Airflow {version} with Python {python} now.")


def _is_known(version: str, python: str) -> bool:
    """Whether the release is known with other Pythons."""
    return version in RELEASES and python not in RELEASES[version].pythons


def doubts(release: Release) -> Iterator[str]:
    """Yield a sentence for each option that Windsock would set and the release does not have."""
    for layer in (release.config, release.ecs.config if release.ecs else {}):
        yield from doubtful_options(release.version, layer)


def _rehearse(call: Call, new: NewRelease, executor: str, steps: Steps) -> None:
    """Run the life of an environment of the release. Raises `Refusal` and `RehearsalFailure`."""
    steps.say(f"== Rehearsing Airflow {new.release.version} with executor: {executor}")
    compiled = compile_yaml(new.yaml(executor))
    refuse_findings(compiled, cache_root(call.variables))
    options = Options(checkout=compiled.project, home=compiled.home, cache=cache_root(call.variables), ports=Ports())
    rehearsal = Rehearsal(
        env=compiled.env,
        templates=compiled.templates,
        steps=steps,
        options=options,
        progress=call.screen.progress,
    )
    if left := rehearse(rehearsal):
        raise StepRefusal("The rehearsal left something behind.", why="\n".join(left))
