"""`windsock compose`: the Compose file, nothing else."""

from pathlib import Path

from compiler.compose import render_compose
from spec.reading.load import load
from tests.cli.shell import Windsock


def test_compose_prints_the_file_alone(windsock: Windsock) -> None:
    """Stdout holds exactly the file's bytes, so that it can be redirected."""
    ran = windsock("compose", "env.yaml")
    assert (ran.code, ran.out, ran.err) == (0, render_compose(load(Path("env.yaml"))), "")


def test_a_refused_yaml_prints_no_compose_file(windsock: Windsock, checkout: Path) -> None:
    """The redirected file stays empty."""
    (checkout / "env.yaml").write_text("name: demo\n")
    ran = windsock("compose", "env.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "env.yaml:1" in ran.err
