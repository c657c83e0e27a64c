"""A release is added only when it ran."""

from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from cli.airflow_releases.adding import add, doubts
from cli.command_line.parser import UsageRefusal
from cli.command_line.verb import Call
from cli.terminal.screen import open_screen
from spec.reading.load import load
from spec.releases.table import NEWEST, RELEASES
from tests.cli.airflow_releases.test_package_index import Uv
from tests.cli.airflow_releases.test_requirements_table import OLD
from tests.life.kept import windsock

YAML = """\
name: beta
aws: {account: "123456789012", region: eu-central-1}
network: {allowed_cidrs: [203.0.113.0/24]}
database: {kind: container, engine: postgres, version: "16"}
airflow: {version: 3.4.0b2, python: "3.12"}
"""


def test_a_python_that_the_release_was_not_tested_with_is_refused(checkout: Path) -> None:
    """Before any package is resolved; the message names those that would be right."""
    options = Namespace(version="2.6.3", python="3.13", no_rehearsal=True, json=False)
    with pytest.raises(UsageRefusal, match=r"not tested with Python 3\.13") as refused:
        add(Call(open_screen(colour=False), options, {}), Uv(metadata=OLD))
    assert "3.7, 3.8, 3.9, 3.10, 3.11" in refused.value.next_step
    assert not (checkout / "releases").exists()


@pytest.mark.airflow
@pytest.mark.usefixtures("own_releases")
@pytest.mark.endurance
def test_a_beta_that_windsock_has_never_seen_is_rehearsed_and_kept(tmp_path: Path) -> None:
    """Afterwards a YAML of the project may name it."""
    done = windsock("versions", "add", "3.4.0b2", "--python", "3.12", checkout=tmp_path)
    assert done.returncode == 0, done.stderr
    assert done.stderr.count("JSON lines: ") == 2
    (tmp_path / "env.yaml").write_text(YAML)
    assert load(tmp_path / "env.yaml").airflow.release.rehearsed == {"3.12"}


def test_an_option_that_the_release_does_not_have_is_told() -> None:
    """Windsock would set it in vain; the releases of the table have them all."""
    strange = replace(NEWEST, config={"logging": {"jsonlogs": True}})
    assert list(doubts(strange)) == [
        f"Airflow {NEWEST.version} has no option logging.jsonlogs. Did you mean logging.json_logs?"
    ]
    assert [sentence for release in RELEASES.values() for sentence in doubts(release)] == []
