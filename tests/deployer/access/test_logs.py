"""Log lines come as they were written, each once."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from deployer.access.logs import UnknownLog, read_logs
from deployer.aws.logs import LogLine
from deployer.deploy import deploy
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import Recorder

LINES: Mapping[str, LogLine] = {
    name: LogLine(id=name, time=time, stream="scheduler/airflow/1", text=f'{{"message": "{name}"}}')
    for name, time in {"a": 10.0, "b": 20.0, "late": 19.0, "c": 30.0}.items()
}


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Return a deployed environment with two log lines."""
    world = World()
    home = write_home(tmp_path)
    deploy(
        environment(), template_set(), world.session.as_session, images=Images(), progress=Recorder(), airflow_home=home
    )
    world.session.logs.written = [LINES["a"], LINES["b"]]
    return world


def test_lines_since_a_time_are_returned(world: World) -> None:
    """Unchanged, oldest first."""
    lines = read_logs(environment(), world.session.as_session, "scheduler", since=15)
    assert [line.text for line in lines] == ['{"message": "b"}']


def test_following_shows_each_line_once(world: World) -> None:
    """Lines that CloudWatch takes in late are not missed, and none is shown twice."""
    lines = read_logs(environment(), world.session.as_session, "scheduler", since=0, follow=True)
    seen = [next(lines).id, next(lines).id]
    world.session.logs.written += [LINES["late"], LINES["c"]]
    seen += [next(lines).id, next(lines).id]
    assert seen == ["a", "b", "late", "c"]


def test_an_unknown_log_is_refused_with_the_valid_names(world: World) -> None:
    """A misspelt process is the user's to correct."""
    with pytest.raises(UnknownLog) as refusal:
        next(read_logs(environment(), world.session.as_session, "schedular", since=0))
    assert "schedular" in refusal.value.what
    assert "scheduler" in refusal.value.next_step
