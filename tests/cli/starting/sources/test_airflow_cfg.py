"""An airflow.cfg is read as Airflow reads it."""

from pathlib import Path

import pytest

from cli.starting.sources import airflow_cfg
from spec.errors import Refusal


def test_its_options_and_its_release_are_read(tmp_path: Path) -> None:
    """A percent sign is a percent sign, and a comment may name the release."""
    file = tmp_path / "airflow.cfg"
    file.write_text("# Airflow 2.10.5\n[core]\nparallelism = 8\n[logging]\nlog_format = [%%(asctime)s]\n")
    assert airflow_cfg.recognises(file)
    found = airflow_cfg.read(file)
    assert found.version == "2.10.5"
    assert found.options == {("core", "parallelism"): "8", ("logging", "log_format"): "[%%(asctime)s]"}


def test_what_is_no_airflow_cfg_is_refused(tmp_path: Path) -> None:
    """With the line that is wrong; a file that is missing has no options."""
    file = tmp_path / "airflow.cfg"
    file.write_text("parallelism = 8\n")
    with pytest.raises(Refusal, match=r"is no airflow\.cfg") as refusal:
        airflow_cfg.read(file)
    assert "line: 1" in refusal.value.why
    assert airflow_cfg.options_of(tmp_path / "none.cfg") == {}
