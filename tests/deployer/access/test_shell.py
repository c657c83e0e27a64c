"""The task of a shell starts, is awaited, returns its exit code, and is stopped whatever happens."""

import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from deployer.access.shell import _WAIT, ShellFailure, shell_command, shell_task
from deployer.aws.ecs import Container
from deployer.stacks.outputs import Outputs, read_outputs
from tests.deployer.fakes.environment import World, environment
from tests.deployer.fakes.session import Recorder

ARN = "arn:aws:ecs:us-west-2:123456789012:task/cluster/0"


@pytest.fixture
def world() -> World:
    """Return a deployed environment whose next task keeps running; its agent answers at the third look."""
    world = World()
    world.session.ecs.known.clear()
    world.session.ecs.lasting = True
    world.session.exec_sessions.agents = {ARN: ["", "PENDING", "RUNNING"]}
    return world


def _outputs(world: World) -> Outputs:
    return read_outputs(world.session.cloudformation.put("demo", "CREATE_COMPLETE", outputs=world._fixed()))


def _end(world: World, code: int) -> None:
    container = Container(name="airflow", status="STOPPED", exit_code=code, reason="", health="UNKNOWN")
    world.session.ecs.known[ARN] = replace(world.session.ecs.known[ARN], status="STOPPED", containers=(container,))


def _refused(world: World) -> ShellFailure:
    with (
        pytest.raises(ShellFailure, match="did not start") as refusal,
        shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True),
    ):
        pytest.fail("a shell was opened")
    return refusal.value


def test_the_exit_code_of_the_command_is_returned(world: World) -> None:
    """The container ends with it; stopping a task that has ended does nothing."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True) as shell:
        _end(world, 3)
    assert (shell.exec_target.task, shell.exit_code) == (ARN, 3)
    assert world.session.ecs.stopped == [ARN]


def test_a_lost_connection_has_no_exit_code(world: World) -> None:
    """The command may still run, so its container is stopped, and no exit code is invented."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True) as shell:
        assert world.session.ecs.stopped == []
    assert shell.exit_code is None
    assert world.session.ecs.stopped == [ARN]


def test_the_agent_is_awaited(world: World) -> None:
    """A container runs before its agent answers."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True) as shell:
        assert shell.exec_target.agent == "RUNNING"


def test_a_rehearsal_does_not_wait_for_an_agent(world: World) -> None:
    """A rehearsal enters containers without an agent."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=False) as shell:
        assert shell.exec_target.agent == ""


def test_an_interrupt_stops_the_task(world: World) -> None:
    """No task stays behind that costs money."""

    def interrupted() -> None:
        with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert world.session.ecs.stopped == [ARN]


def test_a_task_that_ends_at_its_start_is_refused(world: World) -> None:
    """With the container and its exit code, and without waiting."""
    world.session.ecs.lasting = False
    world.session.ecs.exits["command:1"] = 127
    assert "exited with 127" in _refused(world).why


def test_a_task_whose_agent_never_answers_is_refused_and_stopped(world: World) -> None:
    """After ten minutes without an agent."""
    world.session.exec_sessions.agents = {ARN: ["PENDING"]}
    assert "ECS Exec does not answer" in _refused(world).why
    assert world.session.ecs.stopped == [ARN]


def _live(tmp_path: Path, *words: str) -> tuple[int, int, str]:
    """Run what the container runs beside what the shell runs; give both exit codes and what was printed."""
    file = str(tmp_path / "code")
    container = subprocess.Popen(["bash", "-c", _WAIT.replace("/tmp/windsock-shell", file)])
    command = shell_command(words).replace("/tmp/windsock-shell", file).replace('$(id -u)" = 0', '$(id -u)" = none')
    done = subprocess.run(["sh", "-c", command], check=False, capture_output=True, text=True, input="exit 5\n")
    return container.wait(10), done.returncode, done.stdout


@pytest.mark.parametrize(
    ("words", "code", "out"),
    [(("echo", "it's", "$HOME"), 0, "it's $HOME\n"), (("sh", "-c", "exit 3"), 3, ""), ((), 5, "")],
)
def test_the_container_ends_with_the_shell(tmp_path: Path, words: tuple[str, ...], code: int, out: str) -> None:
    """With the shell's exit code; the command's words stay as typed, and without words a shell starts."""
    assert _live(tmp_path, *words) == (code, code, out)


def test_a_root_session_runs_as_airflow(tmp_path: Path) -> None:
    """ECS Exec opens sessions as root, and Airflow belongs to its own user."""
    assert tmp_path.is_dir()
    command = shell_command(("airflow", "version"))
    assert "setpriv --reuid=50000 --regid=0" in command
    assert "HOME=/home/airflow" in command


def test_a_forgotten_shell_ends() -> None:
    """The loop ends after its limit, and SIGTERM ends it within a second."""
    assert "left = 28800; left > 0" in _WAIT
    short = _WAIT.replace("28800", "1").replace("/tmp/windsock-shell", "/nonexistent/file")
    done = subprocess.run(["bash", "-c", short], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (124, "The shell was open for 8 hours; its time is up.\n")
