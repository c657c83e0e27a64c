"""What a program prints in a container of the deployed image is read to its last line."""

import pytest

from deployer.tasks.reports import DELIVERY_SECONDS, Program, ReportRefusal, read_report
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.late_logs import late_world

PROGRAM = Program(name="count", kind="sheep", script="python -m count")
END = {"kind": "sheep", "end": True}


def test_the_lines_of_the_program_are_read_and_no_others() -> None:
    """Late lines are awaited; what others print in between does not count."""
    lines = [{"kind": "sheep", "name": name} for name in ("dolly", "shaun")]
    world, outputs = late_world(lines[0], "a banner", "[1]", {"message": "counting"}, lines[1], END)
    assert read_report(environment(), world.session.as_session, outputs, PROGRAM) == tuple(lines)
    ((definition, script),) = world.session.ecs.runs
    assert definition == "command:1"
    assert script.endswith("python -m count")


def test_a_program_without_its_last_line_is_no_success() -> None:
    """After a minute: the answer may lack lines."""
    world, outputs = late_world({"kind": "sheep", "name": "dolly"})
    before = world.session.time.seconds
    with pytest.raises(ReportRefusal, match="count task did not say what it found"):
        read_report(environment(), world.session.as_session, outputs, PROGRAM)
    assert world.session.time.seconds - before >= DELIVERY_SECONDS
