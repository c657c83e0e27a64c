"""The plan of an upgrade, from the YAML as if it named the release."""

from pathlib import Path

from tests.cli.shell import Windsock
from tests.deployer.fakes.environment import write_home


def test_the_environment_is_looked_at_and_nothing_is_written(
    windsock: Windsock, aws: list[str], checkout: Path
) -> None:
    """Every call is a look; a rehearsal shows the plan itself."""
    write_home(checkout / "airflow_home")
    before = (checkout / "env.yaml").read_text(encoding="utf-8")
    windsock("upgrade", "env.yaml", "--plan", "--to", "2.11.2")
    assert len(aws) > 1
    assert not any("Action=Create" in body for body in aws)
    assert (checkout / "env.yaml").read_text(encoding="utf-8") == before


def test_a_yaml_that_the_release_refuses_has_no_plan(windsock: Windsock, aws: list[str], checkout: Path) -> None:
    """The mistake is told with its line, before AWS is asked."""
    path = checkout / "env.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("version: 2.5.3", "version: 2.5.3\n  nonsense: 1"))
    ran = windsock("upgrade", "env.yaml", "--plan", "--to", "2.11.2")
    assert (ran.code, aws) == (2, [])
    assert "nonsense" in ran.err
