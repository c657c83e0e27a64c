"""Lists the Airflow releases that Windsock runs, with their Pythons, processes and end of life."""

import json

from cli.command_line.parser import Parser, add_json
from cli.command_line.verb import Call
from cli.terminal.screen import columns
from spec.releases.table import NEWEST, RELEASES


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_json(parser)


def run(call: Call) -> int:
    """Print the table."""
    if call.options.json:
        rows = [
            {
                "version": release.version,
                "pythons": list(release.pythons),
                "processes": list(release.processes),
                "end_of_life": release.end_of_life,
                "newest": release is NEWEST,
            }
            for release in RELEASES.values()
        ]
        call.screen.data(json.dumps(rows, indent=2))
        return 0
    table = [("AIRFLOW", "PYTHON", "END OF LIFE", "PROCESSES")]
    table += [
        (release.version, ", ".join(release.pythons), release.end_of_life or "-", ", ".join(release.processes))
        for release in RELEASES.values()
    ]
    call.screen.data(columns(table))
    return 0
