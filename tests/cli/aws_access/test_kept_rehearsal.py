"""A verb finds the rehearsal that is kept of its environment, and goes to AWS beside it only when told to."""

import os
from pathlib import Path

import pytest

from acceptance.sessions import FOLDER
from cli.terminal.cache_dir import rehearsals_folder
from rehearsal.session.emulator_session import EmulatorSession
from tests.acceptance.emulator import write_down
from tests.cli.shell import Windsock


@pytest.fixture
def kept(aws: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmulatorSession:
    """Return a kept rehearsal of the example, whose AWS knows the account alone; the shell names no endpoint."""
    assert aws == []
    port = int(os.environ["AWS_ENDPOINT_URL"].rpartition(":")[2])
    monkeypatch.delenv("AWS_ENDPOINT_URL")
    return write_down(tmp_path / "cache" / FOLDER / "demo", port=port)


def test_a_verb_finds_the_kept_rehearsal(windsock: Windsock, kept: EmulatorSession, aws: list[str]) -> None:
    """Without a variable in the shell, whatever account of AWS that is set for; its first line says so."""
    ran = windsock("status", "env.yaml")
    assert ran.err.startswith(f"Rehearsal of demo on this machine, at {kept.endpoint_url}, and not AWS\n")
    assert len(aws) > 0


def test_a_branch_is_looked_for_in_the_rehearsal_of_its_yaml(windsock: Windsock, kept: EmulatorSession) -> None:
    """Where it was deployed beside the YAML's own environment."""
    ran = windsock("status", "env.yaml", "--branch", "pr-1")
    assert f"at {kept.endpoint_url}, and not AWS" in ran.err


def test_a_deploy_beside_a_kept_rehearsal_is_a_rehearsal(windsock: Windsock, kept: EmulatorSession) -> None:
    """Although nobody set its variables: AWS has to be named."""
    windsock("compile", "env.yaml", "--no-lint")
    ran = windsock("deploy", "env.yaml", "--yes")
    assert f"Rehearsal of demo on this machine, at {kept.endpoint_url}" in ran.err


def test_aws_has_to_be_named(
    windsock: Windsock, kept: EmulatorSession, aws: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With --aws; a profile alone is refused, before anything is asked."""
    ran = windsock("status", "env.yaml", "--profile", "work")
    assert (ran.code, aws) == (2, [])
    assert "Add --aws to go to AWS" in ran.err
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    ran = windsock("status", "env.yaml", "--aws")
    assert (ran.code, aws) == (1, [])
    assert kept.endpoint_url not in ran.err


def test_another_environment_goes_to_aws(windsock: Windsock, kept: EmulatorSession, checkout: Path) -> None:
    """A rehearsal stands for its own environment alone."""
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("name: demo", "name: other"))
    ran = windsock("status", "env.yaml", "--profile", "work")
    assert "There is no AWS profile work." in ran.err
    assert kept.endpoint_url not in ran.err


def test_the_folder_of_rehearsals_has_one_name() -> None:
    """The command line looks there before it imports what knows them."""
    assert rehearsals_folder({"WINDSOCK_CACHE": "/cache"}) == Path("/cache") / FOLDER
