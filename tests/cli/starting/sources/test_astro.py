"""An Astro project: its runtime tells the release of Airflow, and its other files are read."""

from pathlib import Path

import pytest

from cli.starting.sources import astro


def _project(folder: Path, image: str) -> Path:
    for name in ("dags", "plugins", "include", "tests", ".astro"):
        (folder / name).mkdir()
    (folder / "Dockerfile").write_text(f"FROM {image}\n\nRUN echo hello \\\n  && true\nENV TOKEN=not-a-real-one\n")
    (folder / "packages.txt").write_text("libxml2\n")
    (folder / "requirements.txt").write_text("astronomer-cosmos\n")
    (folder / ".env").write_text("AWS_KEY=not-a-real-one\n")
    (folder / "airflow_settings.yaml").write_text(
        "airflow:\n  connections:\n    - conn_id: lake\n      conn_password: not-a-real-one\n"
        "  pools:\n    - pool_name: slow\n      pool_slot: 2\n  variables:\n    - variable_name: env\n"
    )
    return folder


@pytest.mark.parametrize(
    ("image", "version"),
    [
        ("quay.io/astronomer/astro-runtime:12.6.0", "2.10.5"),
        ("quay.io/astronomer/astro-runtime:7.3.0-base", "2.5.3"),
        ("astrocrpublic.azurecr.io/runtime:3.1-2", "3.1.0"),
        ("astrocrpublic.azurecr.io/runtime:next", ""),
    ],
)
def test_its_runtime_tells_the_release(tmp_path: Path, image: str, version: str) -> None:
    """By its major version, and by Airflow's own version from 3 on."""
    assert astro.recognises(_project(tmp_path, image))
    assert astro.read(tmp_path).version == version


def test_its_files_are_read_and_no_secret_is_kept(tmp_path: Path) -> None:
    """Connections, pools, variables and instructions are named, with a reason each."""
    found = astro.read(_project(tmp_path, "astrocrpublic.azurecr.io/runtime:3.1-2"))
    assert (found.home, found.requirements, found.packages) == (tmp_path, ("astronomer-cosmos",), ("libxml2",))
    assert [each.what for each in found.left_out] == [
        ".env: AWS_KEY",
        *("airflow_settings.yaml: connection lake", "airflow_settings.yaml: pool slow"),
        "airflow_settings.yaml: variable env",
        *("Dockerfile: RUN echo", "Dockerfile: ENV TOKEN", "tests/"),
    ]
    assert "not-a-real-one" not in str(found)


def test_another_project_is_none(tmp_path: Path) -> None:
    """Also one with a Dockerfile."""
    (tmp_path / "Dockerfile").write_text("FROM apache/airflow:2.10.5\n")
    assert not astro.recognises(tmp_path)
