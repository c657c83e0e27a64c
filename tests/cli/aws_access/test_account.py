"""The account and region are printed before anything changes there."""

from pathlib import Path

import pytest

from cli.aws_access.account import visible_url
from tests.cli.shell import Windsock


def test_account_and_region_are_printed(windsock: Windsock, aws: list[str]) -> None:
    """Account, region, credentials and a foreign endpoint are printed before the first change."""
    ran = windsock("deploy", "env.yaml", "--yes")
    assert ran.code == 1
    assert "windsock compile env.yaml" in ran.err
    assert aws == []
    windsock("compile", "env.yaml", "--no-lint")
    ran = windsock("deploy", "env.yaml")
    assert ran.code == 2
    assert (
        "Account 123456789012, region us-west-2, credentials of the environment variables, at http://127.0" in ran.err
    )
    assert "Add --yes." in ran.err
    assert len(aws) == 1


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


@pytest.mark.parametrize(
    ("url", "seen_at", "visible"),
    [
        ("http://lb-1.us-west-2.elb.amazonaws.com", None, "http://lb-1.us-west-2.elb.amazonaws.com"),
        ("http://lb-1.us-west-2.elb.amazonaws.com", "http://127.0.0.1:8080", "http://lb-1.localhost:8080"),
        ("https://air.example.com", "http://127.0.0.1:8080", "http://air.example.com.localhost:8080"),
    ],
)
def test_a_kept_rehearsal_has_a_local_url_per_site(url: str, seen_at: str | None, visible: str) -> None:
    """In a kept rehearsal one port leads to every site, and the name in the address to one of them."""
    assert visible_url(url, seen_at) == visible
