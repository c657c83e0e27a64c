"""The promises of rehearsal/session/launch.py that need no namespaces; the emulator itself keeps the others."""

from pathlib import Path

import pytest

from rehearsal.emulator.rules.settings import Settings
from rehearsal.session import launch


def test_an_emulator_sees_this_package_and_nothing_beside_it(tmp_path: Path) -> None:
    """What is installed here is not on its path: it has an environment of its own."""
    launch.make_folders(tmp_path)
    (entry,) = (tmp_path / "code").iterdir()
    assert entry.name == "rehearsal"
    assert entry.resolve() == launch.PACKAGE


def test_an_emulator_inherits_nothing_of_this_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither credentials nor proxies; its home and its temporary files are its own."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-a-person")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    settings = Settings(
        directory=str(tmp_path),
        gateway_port=4566,
        web_port=8080,
        region="us-west-2",
        account="123456789012",
        secret_key="secret",
        gateway_fd=3,
        web_fd=4,
        client_address="198.51.100.1",
        parent_fd=-1,
    )
    variables = launch._env_vars(settings)
    assert not {"AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY"} & set(variables)
    assert variables["HOME"] == str(tmp_path)
    assert Path(variables["TMPDIR"]).parent == tmp_path
    assert (variables["MINISTACK_REGION"], variables["MINISTACK_ACCOUNT_ID"]) == ("us-west-2", "123456789012")
