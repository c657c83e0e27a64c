"""The account and region are printed before anything changes there."""

import io
from argparse import Namespace
from pathlib import Path

import pytest

from cli.aws_access.account import page_url, password_hint, rehearsal_keys
from cli.command_line.verb import Call
from cli.terminal.screen import Screen
from tests.acceptance.emulator import write_down
from tests.cli.shell import Windsock


def test_account_and_region_are_printed(windsock: Windsock, aws: list[str]) -> None:
    """Account, region, credentials and a foreign endpoint are printed before the first change."""
    ran = windsock("deploy", "env.yaml", "--yes")
    assert ran.code == 1
    assert "windsock compile env.yaml" in ran.err
    assert aws == []
    windsock("compile", "env.yaml", "--no-lint")
    ran = windsock("status", "env.yaml")
    assert (
        "AWS account 123456789012, region us-west-2, credentials of the environment variables, at http://127.0"
        in ran.err
    )
    assert "GetCallerIdentity" in aws[0]


def test_credentials_of_another_account_are_refused(windsock: Windsock, aws: list[str], checkout: Path) -> None:
    """Credentials of another account end it there."""
    path = checkout / "env.yaml"
    path.write_text(path.read_text().replace("123456789012", "210987654321"))
    ran = windsock("status", "env.yaml")
    assert ran.code == 1
    assert "210987654321" in ran.err
    assert len(aws) == 1


def test_another_region_than_the_yamls_is_refused(windsock: Windsock) -> None:
    """A region that is not the YAML's is refused as a mistake in the command line."""
    ran = windsock("status", "env.yaml", "--region", "eu-west-1")
    assert ran.code == 2
    assert "us-west-2" in ran.err


def test_missing_credentials_are_refused_with_a_next_step(windsock: Windsock, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without credentials the next step is named."""
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    ran = windsock("status", "env.yaml")
    assert ran.code == 1
    assert "--profile" in ran.err


def test_one_page_has_one_address(tmp_path: Path) -> None:
    """On AWS its own. A rehearsal shows the environment that it is of, and others under their names."""
    emulator = write_down(tmp_path / "rehearsals" / "demo")
    kept = _call(
        WINDSOCK_CACHE=str(tmp_path), AWS_ENDPOINT_URL=emulator.endpoint_url, WINDSOCK_WEB_URL=emulator.web_url
    )
    address = "http://lb-1.us-west-2.elb.amazonaws.com"
    assert page_url(_call(WINDSOCK_CACHE=str(tmp_path)), "demo", address) == address
    assert page_url(kept, "demo", address) == emulator.web_url
    assert page_url(kept, "demo-branch", address) == "http://lb-1.localhost:8080"
    assert page_url(kept, "demo", f"{address}/airflow") == f"{emulator.web_url}/airflow"
    assert page_url(kept, "other", "https://air.example.com") == "http://air.example.com.localhost:8080"


def test_the_password_of_a_rehearsal_is_read_by_windsock(tmp_path: Path) -> None:
    """The AWS CLI knows nothing of a rehearsal, unless its variables are set."""
    emulator = write_down(tmp_path / "rehearsals" / "demo")
    assert password_hint(_call(WINDSOCK_CACHE=str(tmp_path)), "aws read") == "aws read"
    kept = _call(WINDSOCK_CACHE=str(tmp_path), AWS_ENDPOINT_URL=emulator.endpoint_url)
    assert password_hint(kept, "aws read") == "windsock open env.yaml --branch pr-1 --password"


def test_a_user_of_a_rehearsal_talks_to_it_with_its_own_keys(tmp_path: Path) -> None:
    """The emulator checks signatures: the secret key of another user fits no access key but that one."""
    emulator = write_down(tmp_path / "rehearsals" / "demo")
    own = _call(AWS_ACCESS_KEY_ID="AKIA1", AWS_SECRET_ACCESS_KEY="of the user")
    assert rehearsal_keys(own, emulator) == ("AKIA1", "of the user")
    assert rehearsal_keys(_call(), emulator) == (None, emulator.secret_key)


def _call(**variables: str) -> Call:
    screen = Screen(out=io.StringIO(), err=io.StringIO(), answers=None, colour=False, live=False)
    return Call(screen, Namespace(env="env.yaml", branch="pr-1"), variables)
