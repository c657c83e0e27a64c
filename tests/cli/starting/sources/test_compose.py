"""The folder of the official Compose file: its image, its variables and its code."""

from pathlib import Path

from cli.starting.sources import compose

FILE = """
x-airflow-common: &common
  image: ${AIRFLOW_IMAGE_NAME:-apache/airflow:2.10.5}
  environment:
    AIRFLOW__CORE__EXECUTOR: CeleryExecutor
    AIRFLOW__CORE__DAGS_ARE_PAUSED_AT_CREATION: ${PAUSED:-false}
    AIRFLOW_VAR_STAGE: dev
    _PIP_ADDITIONAL_REQUIREMENTS: ${_PIP_ADDITIONAL_REQUIREMENTS:-pandas pyarrow}
services:
  postgres: {image: "postgres:13"}
  redis: {image: "redis:7"}
  minio: {image: minio/minio}
  airflow-webserver: {<<: *common}
"""


def test_its_image_variables_and_code_are_read(tmp_path: Path) -> None:
    """Defaults stand for variables of the shell, and what runs beside Airflow is named."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "docker-compose.yaml").write_text(FILE)
    (tmp_path / ".env").write_text("AIRFLOW_UID=1000\n_AIRFLOW_WWW_USER_PASSWORD=airflow\n")
    assert compose.recognises(tmp_path)
    for path in (tmp_path, tmp_path / "docker-compose.yaml"):
        found = compose.read(path)
        assert (found.version, found.home, found.executor) == ("2.10.5", tmp_path, "CeleryExecutor")
        assert found.options["core", "dags_are_paused_at_creation"] == "false"
        assert found.requirements == ("pandas", "pyarrow")
        assert [each.what for each in found.left_out] == [
            "docker-compose.yaml: AIRFLOW_VAR_STAGE",
            *("service postgres", "service redis", "service minio"),
        ]


def test_an_own_image_tells_its_release(tmp_path: Path) -> None:
    """By the Dockerfile beside the file; variables may stand in a list."""
    (tmp_path / "compose.yml").write_text(
        "x-airflow-common:\n  build: .\n  environment: [AIRFLOW__CORE__PARALLELISM=4]\n"
    )
    (tmp_path / "Dockerfile").write_text("FROM apache/airflow:slim-2.11.2-python3.12\n")
    assert compose.recognises(tmp_path)
    found = compose.read(tmp_path)
    assert (found.version, found.home) == ("2.11.2", None)
    assert found.options == {("core", "parallelism"): "4"}


def test_other_compose_files_are_none(tmp_path: Path) -> None:
    """Whatever else they run."""
    assert not compose.recognises(tmp_path)
    (tmp_path / "compose.yaml").write_text("services: {web: {image: nginx}}\n")
    assert not compose.recognises(tmp_path)
