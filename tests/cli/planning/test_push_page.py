"""The plan of a push as people read it."""

from pathlib import Path

import pytest

from cli.planning.push_page import push_data, push_page
from deployer.push import PlannedPush, planned_push
from tests.deployer.fakes.environment import environment, write_home
from tests.deployer.fakes.running import Running


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a small home."""
    return write_home(tmp_path)


def _planned(running: Running, home: Path) -> PlannedPush:
    session = running.world.session.as_session
    with planned_push(environment(), session, progress=running.progress, airflow_home=home, only_look=True) as planned:
        return planned


def test_files_and_restart_are_told(home: Path) -> None:
    """A plugin starts every service anew, and the Airflow tasks in one have some time to end."""
    page = push_page(_planned(Running(), home))
    assert page.startswith("Plan for demo\n  code")
    assert "Files\n  + dags/one.py\n  + plugins/hello.py\n  + webserver_config.py" in page
    assert "Every service starts anew, one task after the other.\nAirflow tasks that run now have" in page


def test_nothing_is_written_by_a_look(home: Path) -> None:
    """Neither a lease nor a file."""
    running = Running()
    before = len(running.world.session.s3.puts)
    assert push_data(_planned(running, home))["restarts"]
    assert len(running.world.session.s3.puts) == before
