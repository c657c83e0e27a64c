"""`windsock upgrade`: the road, whether somebody is ready for it, and the plan of it."""

import json
from pathlib import Path

from spec.releases.table import RELEASES
from tests.cli.shell import Windsock
from tests.deployer.fakes.environment import write_home


def _code(checkout: Path, text: str) -> None:
    (checkout / "airflow_home" / "dags").mkdir(parents=True)
    (checkout / "airflow_home" / "dags" / "one.py").write_text(text)


def test_the_road_is_told(windsock: Windsock) -> None:
    """What each hop breaks, and nothing of the code without --check."""
    ran = windsock("upgrade", "env.yaml", "--to", "2.11.2")
    assert ran.code == 0
    assert ran.out.startswith("2.5.3 -> 2.11.2 brings, since 2.7.0")
    assert "--check looks whether demo is ready" in ran.err


def test_what_fails_there_ends_with_1(windsock: Windsock, checkout: Path) -> None:
    """File and line of each."""
    _code(checkout, "from airflow import DAG\nDAG('x', schedule_interval=None)\n")
    ran = windsock("upgrade", "env.yaml", "--check")
    assert ran.code == 1
    assert "airflow_home/dags/one.py:2: " in ran.out
    assert "demo is not ready for Airflow 3.3.2" in ran.err


def test_nothing_found_ends_with_0(windsock: Windsock, checkout: Path) -> None:
    """The next step is a rehearsal."""
    _code(checkout, "x = 1\n")
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("2.5.3", "3.3.2").replace('"3.10"', '"3.12"'))
    ran = windsock("upgrade", "env.yaml", "--check")
    assert ran.code == 0
    assert "Rehearse it before you deploy" in ran.err


def test_the_same_as_json(windsock: Windsock, checkout: Path) -> None:
    """For pipelines, with the same exit code."""
    _code(checkout, "x = 1\n")
    ran = windsock("upgrade", "env.yaml", "--check", "--json")
    facts = json.loads(ran.out)
    assert (facts["from"], facts["to"], facts["hops"]) == ("2.5.3", "3.3.2", ["2.5.3 -> 2.11.2", "2.11.2 -> 3.3.2"])
    assert [finding["rule"] for finding in facts["findings"]] == ["python", "delivery"]
    assert ran.code == 1


def test_an_unknown_release_is_refused(windsock: Windsock) -> None:
    """The known ones are named."""
    ran = windsock("upgrade", "env.yaml", "--to", "9.9")
    assert ran.code == 2
    assert ", ".join(RELEASES) in ran.err


def test_a_plan_looks_at_the_environment_and_writes_nothing(windsock: Windsock, aws: list[str], checkout: Path) -> None:
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


def test_a_dump_that_is_not_there_is_refused(windsock: Windsock) -> None:
    """Before anything starts, with the command that makes one."""
    ran = windsock("upgrade", "env.yaml", "--from-dump", "nothing.dump")
    assert ran.code == 2
    assert "There is no file nothing.dump" in ran.err
    assert "pg_dump -Fc" in ran.err
