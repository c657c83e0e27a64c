"""The promises of rehearsal/session/launch.py that need no walls; the emulator itself keeps the others."""

from pathlib import Path

import pytest

from rehearsal.emulator.rules.settings import Settings
from rehearsal.session import launch


def test_a_bed_sees_this_package_and_nothing_beside_it(tmp_path: Path) -> None:
    """What is installed here is not on its path: it has an environment of its own."""
    launch.furnish(tmp_path)
    (entry,) = (tmp_path / "code").iterdir()
    assert entry.name == "rehearsal"
    assert entry.resolve() == launch.PACKAGE


def test_a_bed_inherits_nothing_of_this_shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither credentials nor proxies; its home and its temporary files are its own."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "of-a-person")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    settings = Settings(str(tmp_path), 4566, 8080, "us-west-2", "123456789012", 3, 4, -1)
    surroundings = launch._surroundings(settings)
    assert not {"AWS_SECRET_ACCESS_KEY", "HTTPS_PROXY"} & set(surroundings)
    assert surroundings["HOME"] == str(tmp_path)
    assert Path(surroundings["TMPDIR"]).parent == tmp_path
    assert (surroundings["MINISTACK_REGION"], surroundings["MINISTACK_ACCOUNT_ID"]) == ("us-west-2", "123456789012")
