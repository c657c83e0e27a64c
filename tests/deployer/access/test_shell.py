"""A shell's task starts, is waited for, tells its exit code, and is ended whatever happens."""

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


def test_the_exit_code_is_that_of_what_ran(world: World) -> None:
    """The container ends with it; the task is told to stop, which does nothing to one that has ended."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True) as shell:
        _end(world, 3)
    assert (shell.exec_target.task, shell.exit_code) == (ARN, 3)
    assert world.session.ecs.stopped == [ARN]


def test_a_lost_connection_leaves_no_code(world: World) -> None:
    """The container heard of no end, so it is ended, and nobody makes a code up."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True) as shell:
        assert world.session.ecs.stopped == []
    assert shell.exit_code is None
    assert world.session.ecs.stopped == [ARN]


def test_the_agent_is_waited_for(world: World) -> None:
    """A container runs before one can come in; in a rehearsal nobody waits."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True) as shell:
        assert shell.exec_target.agent == "RUNNING"


def test_nobody_waits_for_an_agent_in_a_rehearsal(world: World) -> None:
    """The way in is another there."""
    with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=False) as shell:
        assert shell.exec_target.agent == ""


def test_an_interrupt_ends_the_task(world: World) -> None:
    """Nothing stays behind that somebody would pay for."""

    def interrupted() -> None:
        with shell_task(environment(), world.session.as_session, _outputs(world), Recorder(), by_agent=True):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert world.session.ecs.stopped == [ARN]


def test_a_task_that_dies_at_its_start_is_told(world: World) -> None:
    """With the container and its exit code, and it is not waited for."""
    world.session.ecs.lasting = False
    world.session.ecs.exits["command:1"] = 127
    assert "exited with 127" in _refused(world).why


def test_a_task_nobody_gets_into_is_told_and_ended(world: World) -> None:
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
    """And with its exit code; words reach the program as they were typed, and without words it is a shell."""
    assert _live(tmp_path, *words) == (code, code, out)


def test_root_steps_down(tmp_path: Path) -> None:
    """Sessions are root's on AWS, and Airflow is there for its own user."""
    assert tmp_path.is_dir()
    command = shell_command(("airflow", "version"))
    assert "setpriv --reuid=50000 --regid=0" in command
    assert "HOME=/home/airflow" in command


def test_a_forgotten_one_ends() -> None:
    """The loop has an end, and SIGTERM is heard within a second."""
    assert "left = 28800; left > 0" in _WAIT
    short = _WAIT.replace("28800", "1").replace("/tmp/windsock-shell", "/nonexistent/file")
    done = subprocess.run(["bash", "-c", short], check=False, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (124, "The shell was open for 8 hours; its time is up.\n")
