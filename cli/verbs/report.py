"""Writes one HTML page for reviewers: what changes, architecture, cost, who may do what, state, and waived checks.

The page is one file: it needs no network, and prints well. It is made from the templates, without asking AWS. A plan, a
rehearsal and screenshots are on it where you name their files.

    windsock report env.yaml --output report.html
    windsock report env.yaml --against origin/main --plan plan.txt --rehearsal rehearsal.json --output report.html
"""

from pathlib import Path

from cli.command_line.parser import Parser, add_environment
from cli.command_line.verb import Call
from cli.compiling.compiled import Compiled, compile_yaml
from cli.differences.against import other
from cli.differences.differing import with_former
from cli.reporting.rehearsal_record import read_record, read_screenshots
from cli.reporting.report_page import Additions, Change, report_page
from spec.reading.load import text_of


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("--against", metavar="WHAT", help="show what differs from a git revision or another YAML")
    parser.add_argument("--plan", metavar="FILE", type=Path, help="show this plan, which `deploy --plan` has printed")
    parser.add_argument(
        "--rehearsal", metavar="FILE", type=Path, help="show this rehearsal, which `rehearse --json` has printed"
    )
    parser.add_argument(
        "--screenshot", metavar="FILE", type=Path, action="append", default=[], help="show this picture; repeatable"
    )
    parser.add_argument("--output", metavar="FILE", type=Path, help="write to this file instead of printing")


def run(call: Call) -> int:
    """Write the page, or print it."""
    options = call.options
    compiled = compile_yaml(Path(options.env), options.branch)
    additions = Additions(
        change=_change(call, compiled),
        plan=text_of(options.plan) if options.plan else "",
        rehearsal=read_record(options.rehearsal) if options.rehearsal else None,
        screenshots=read_screenshots(options.screenshot),
    )
    page = report_page(compiled, additions)
    if options.output:
        options.output.write_text(page, encoding="utf-8")
        call.screen.say(f"The report is in {options.output}.")
    else:
        call.screen.data(page.rstrip())
    return 0


def _change(call: Call, compiled: Compiled) -> Change | None:
    if call.options.against is None:
        return None
    former, found = with_former(compiled, other(compiled, call.options.against), call.options.branch)
    return Change(former=former, differing=found)
