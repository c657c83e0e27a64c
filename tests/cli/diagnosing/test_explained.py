"""A deploy or a push that fails ends with the diagnosis."""

from argparse import Namespace
from pathlib import Path

import pytest

from cli.command_line.verb import Call
from cli.diagnosing.explained import diagnosed, document_of, explained
from cli.terminal.screen import open_screen
from deployer.health.verify import UnhealthyRefusal
from deployer.record.lease import LeaseHeld
from spec.errors import Refusal
from tests.deployer.diagnosis.planting import stopped
from tests.deployer.fakes.environment import DATABASE, YAML
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.site import fake_site

KILLED = stopped("scheduler", "gone", code=137, why="OutOfMemoryError: Container killed due to memory usage")


@pytest.fixture
def call(tmp_path: Path) -> Call:
    """Return a call of a verb with the YAML of the environment in memory."""
    file = tmp_path / "env.yaml"
    file.write_text(YAML + DATABASE, encoding="utf-8")
    return Call(open_screen(colour=False), Namespace(env=str(file), branch=None), {})


def _ended(call: Call, running: Running, failure: Refusal) -> Refusal:
    with pytest.raises(type(failure)) as caught, explained(call, running.env, running.world.session.as_session):
        raise failure
    return caught.value


def test_a_failure_ends_with_the_most_probable_cause(call: Call) -> None:
    """After its own reason."""
    running = Running()
    KILLED(running)
    why = _ended(call, running, UnhealthyRefusal("demo is not healthy.", why="its own reason")).why
    assert why.startswith("its own reason\n\ndemo is not healthy.\n\nThe most probable cause:")
    assert "services.scheduler.memory" in why


def test_a_failure_without_a_cause_says_no_more(call: Call) -> None:
    """And neither does one whose diagnosis is refused."""
    running = Running()
    assert _ended(call, running, UnhealthyRefusal("x", why="its own reason")).why == "its own reason"
    running.world.session.account = "999999999999"
    assert _ended(call, running, UnhealthyRefusal("x", why="its own reason")).why == "its own reason"


def test_a_refusal_before_anything_happened_is_not_diagnosed(call: Call) -> None:
    """Another run holds the lease: nothing of AWS has failed."""
    running = Running()
    KILLED(running)
    assert _ended(call, running, LeaseHeld("x")).why == ""


def test_the_diagnosis_of_a_verb_knows_where_the_site_is_reached(call: Call) -> None:
    """The load balancer of a rehearsal answers elsewhere."""
    running = Running()
    with fake_site() as site:
        there = Call(call.screen, call.options, {"WINDSOCK_WEB_URL": site.url})
        assert diagnosed(there, running.env, running.world.session.as_session).well
        assert site.asked == "/health"


def test_the_document_knows_the_lines_of_the_yaml(call: Call) -> None:
    """So that a cause can name one."""
    assert document_of(call).keys["name",].line == 2
