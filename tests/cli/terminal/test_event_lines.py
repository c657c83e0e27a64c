"""A program reads what happens, one JSON object a line."""

import io
import json
from datetime import UTC, datetime

from cli.terminal.event_lines import EventLines
from cli.terminal.screen import Screen
from deployer.progress import StackEvent

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)
CREATED = StackEvent(
    path="Database/Instance", type="AWS::RDS::DBInstance", status="CREATE_COMPLETE", reason="", time=NOON
)


def test_each_line_says_what_it_is_and_when() -> None:
    """Phases and notes have the time of now, a resource that of AWS."""
    lines: list[str] = []
    events = EventLines(lines.append, clock=lambda: NOON)
    events.phase("provision", "services at zero")
    events.event(CREATED)
    events.note("Waiting.")
    assert [json.loads(line) for line in lines] == [
        {"event": "phase", "time": NOON.isoformat(), "name": "provision", "detail": "services at zero"},
        {
            "event": "resource",
            "time": NOON.isoformat(),
            "path": "Database/Instance",
            "type": "AWS::RDS::DBInstance",
            "status": "CREATE_COMPLETE",
            "reason": "",
        },
        {"event": "note", "time": NOON.isoformat(), "text": "Waiting."},
    ]


def test_the_result_is_the_last_line() -> None:
    """On stdout, where nothing but lines of JSON stand."""
    out, err = io.StringIO(), io.StringIO()
    screen = Screen(out=out, err=err, answers=None, colour=False, live=True, events=True)
    with screen.progress("demo") as progress:
        progress.event(CREATED)
    screen.result({"environment": "demo"}, "text", as_json=False)
    first, last = map(json.loads, out.getvalue().splitlines())
    assert (first["event"], last, err.getvalue()) == ("resource", {"event": "result", "environment": "demo"}, "")
