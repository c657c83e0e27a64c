"""The promises of rehearsal/emulator/containers/container.py that need no namespaces; the emulator keeps the others."""

from pathlib import Path
from typing import Any

import pytest

from rehearsal.emulator.containers.container import (
    ContainerSpec,
    by_clock_of_schedules,
    health_command,
    health_rules,
    tool,
)
from rehearsal.emulator.containers.root_filesystem import Mount, ProcessSpec
from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.health import Rules


@pytest.mark.parametrize(
    ("command", "run"),
    [
        (["CMD-SHELL", "curl -f http://localhost || exit 1"], ("/bin/sh", "-c", "curl -f http://localhost || exit 1")),
        (["CMD", "python", "-c", "pass"], ("python", "-c", "pass")),
        (["python", "-c", "pass"], ("python", "-c", "pass")),
        (["NONE"], ()),
    ],
    ids=["shell", "exec", "bare", "none"],
)
def test_health_checks_are_run_as_ecs_runs_them(command: list[str], run: tuple[str, ...]) -> None:
    """Each of the four forms that a definition may have."""
    assert health_command({"healthCheck": {"command": command}}) == run


@pytest.mark.parametrize("definition", [{}, {"healthCheck": None}, {"healthCheck": {}}])
def test_no_health_check_is_no_command(definition: dict[str, Any]) -> None:
    """Such a container counts as well while it runs."""
    assert health_command(definition) == ()


def test_rules_have_the_defaults_of_ecs() -> None:
    """What the definition does not say is what ECS would take."""
    assert health_rules({}) == Rules(interval=30, timeout=5, successes=1, failures=3, start_period=0)


def test_rules_are_those_of_the_definition() -> None:
    """Every number that it gives counts."""
    check = {"interval": 10, "timeout": 2, "retries": 5, "startPeriod": 120}
    assert health_rules({"healthCheck": check}) == Rules(
        interval=10, timeout=2, successes=1, failures=5, start_period=120
    )


def test_tools_are_those_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Whatever comes first on PATH: a container's environment may have a program of the same name."""
    (tmp_path / "sh").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert Path(tool("sh")).parent != tmp_path
    with pytest.raises(FileNotFoundError, match="no-such-tool"):
        tool("no-such-tool")


def test_containers_keep_the_time_of_schedules_where_there_is_a_library(tmp_path: Path) -> None:
    """They load it first, and have it and the clock at the paths that it knows."""
    process = ProcessSpec(root=str(tmp_path / "root"), mounts=(), command=("true",), user=0, group=0, host_name="here")
    spec = ContainerSpec(
        task="t", name="n", process=process, variables={"A": "1"}, definition={}, address="", log_file=tmp_path / "log"
    )
    assert by_clock_of_schedules(spec) == spec
    library = tmp_path / fake_clock.LIBRARY_NAME
    library.touch()
    turned = by_clock_of_schedules(spec)
    assert turned.variables == {"A": "1", "LD_PRELOAD": str(library)}
    files = [str(tmp_path / fake_clock.FILE_NAME), str(library)]
    assert turned.process.mounts == tuple(Mount(file, file, read_only=True) for file in files)
