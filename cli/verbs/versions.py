"""Lists the Airflow releases that Windsock runs, and adds others: it makes their pins, and rehearses them.

`versions` prints each release with its Pythons, processes and end of life, and with what `releases/` of this folder
adds to them. A Python in brackets has pins, and no rehearsal has run it.

`versions add` asks the package index for a release, and resolves what a new project installs as of the day of the
release. It lets the release list its options, and rehearses it with the executors local and ecs. Only what succeeded is
kept: two files in `releases/`, and the pins in `docker/constraints/`. Commit them: a YAML in this folder may then name
the release. Without --python it takes the newest Python that the release was tested with; --no-rehearsal takes pins as
they are.

    windsock versions
    windsock versions add 3.4.0b2
    windsock versions add 2.11.2 --python 3.11
"""

import json
import re
from pathlib import Path

from cli.command_line.parser import Parser, UsageRefusal, add_events, add_json
from cli.command_line.verb import Call
from cli.terminal.screen import columns
from spec.releases.entry import VERSION
from spec.releases.table import NEWEST, PROJECT_FOLDER, RELEASES, Release, add_releases

_LIST, _ADD = "list", "add"


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    parser.add_argument(
        "action", metavar="ACTION", nargs="?", choices=(_LIST, _ADD), default=_LIST, help="list or add; list without it"
    )
    parser.add_argument("version", metavar="VERSION", nargs="?", help="the release to add, such as 3.4.0b2")
    parser.add_argument("--python", metavar="X.Y", help="the Python of its image")
    parser.add_argument("--no-rehearsal", action="store_true", help="keep its pins without running them")
    add_json(parser)
    add_events(parser)


def run(call: Call) -> int:
    """Print the table, or add a release to it."""
    version = call.options.version
    if (call.options.action == _ADD) != bool(version):
        raise UsageRefusal(
            f"windsock versions {call.options.action} takes {'a release' if version is None else 'none'}.",
            next_step="Such as: windsock versions add 3.4.0b2",
        )
    if version and not re.fullmatch(VERSION, version):
        raise UsageRefusal(f"{version!r} is no version of Airflow.", next_step="Write 2.9.3 or 3.4.0b2, say.")
    add_releases(Path(PROJECT_FOLDER))
    if version:
        from cli.airflow_releases.adding import add  # noqa: PLC0415  # the list does not pay for rehearsals

        add(call)
    else:
        _list(call)
    return 0


def _list(call: Call) -> None:
    if call.options.json or call.screen.events:
        rows = [
            {
                "version": release.version,
                "pythons": list(release.pythons),
                "rehearsed": sorted(release.rehearsed),
                "processes": list(release.processes),
                "end_of_life": release.end_of_life,
                "newest": release is NEWEST,
            }
            for release in RELEASES.values()
        ]
        if call.screen.events:
            call.screen.result({"releases": rows}, "", as_json=True)
        else:
            call.screen.data(json.dumps(rows, indent=2))
        return
    table = [("AIRFLOW", "PYTHON", "END OF LIFE", "PROCESSES")]
    table += [
        (release.version, _pythons(release), release.end_of_life or "-", ", ".join(release.processes))
        for release in RELEASES.values()
    ]
    call.screen.data(columns(table))


def _pythons(release: Release) -> str:
    return ", ".join(python if python in release.rehearsed else f"({python})" for python in release.pythons)
