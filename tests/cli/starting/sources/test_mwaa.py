"""An MWAA source: what its bucket holds."""

from pathlib import Path

from cli.starting.sources import mwaa


def test_its_files_are_read(tmp_path: Path) -> None:
    """What only MWAA does with them is named."""
    (tmp_path / "dags").mkdir()
    assert not mwaa.recognises(tmp_path)
    (tmp_path / "plugins.zip").touch()
    (tmp_path / "startup.sh").write_text("#!/bin/sh\nexport STAGE=prod\nsudo yum install -y libaio\n")
    (tmp_path / "requirements.txt").write_text("--constraint /usr/local/airflow/dags/c.txt\nboto3\n")
    assert mwaa.recognises(tmp_path)
    found = mwaa.read(tmp_path)
    assert (found.home, found.requirements, found.version) == (tmp_path, ("boto3",), "")
    assert [each.what for each in found.left_out] == [
        "requirements.txt: --constraint /usr/local/airflow/dags/c.txt",
        *("startup.sh: STAGE", "plugins.zip", "startup.sh"),
    ]


def test_its_constraints_say_the_release(tmp_path: Path) -> None:
    """The address of Airflow's own; the image has the pins of its release instead."""
    address = "https://raw.githubusercontent.com/apache/airflow/constraints-2.10.3/constraints-3.11.txt"
    (tmp_path / "requirements.txt").write_text(f'--constraint "{address}"\nboto3\n')
    found = mwaa.read(tmp_path)
    assert (found.version, found.requirements) == ("2.10.3", ("boto3",))
    assert [each.reason for each in found.left_out] == ["docker/constraints has the pins of the release"]
