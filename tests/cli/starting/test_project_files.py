"""Files that several kinds of projects share are read the same everywhere."""

from pathlib import Path

import pytest

from cli.starting.project_files import (
    found_beside,
    lines_of,
    mapping_of,
    needs_secrets_backend,
    requirements_of,
    settings_of,
    split_variables,
    variables_of,
)
from spec.errors import Refusal


def test_comments_and_empty_lines_are_no_lines(tmp_path: Path) -> None:
    """A sign within a word begins no comment."""
    (tmp_path / "lines").write_text("# first\n\na # comment\nb#egg\n")
    assert lines_of(tmp_path / "lines") == ["a", "b#egg"]
    assert lines_of(tmp_path / "none") == []


def test_airflow_itself_and_files_are_no_requirements(tmp_path: Path) -> None:
    """Providers are."""
    file = tmp_path / "requirements.txt"
    file.write_text(
        "apache-airflow[s3]>=2\napache-airflow-providers-ssh\n./wheel.whl\n--index-url https://u:p@i\nmine @ git+https://t@h/r\n"
    )
    kept, left = requirements_of(file)
    assert kept == ("apache-airflow-providers-ssh",)
    assert [each.what.partition(": ")[2] for each in left] == [
        *("apache-airflow[s3]>=2", "./wheel.whl", "--index-url", "mine"),
    ]


def test_variables_are_options_or_named(tmp_path: Path) -> None:
    """A value that is no option goes nowhere."""
    file = tmp_path / ".env"
    file.write_text("export AIRFLOW__CORE__X='1'\nAIRFLOW_CONN_A=secret\nAIRFLOW_VAR_B=c\nC=d\nnonsense\n")
    options, left = split_variables(variables_of(file), ".env")
    assert options == {("core", "x"): "1"}
    assert [each.what for each in left] == [".env: AIRFLOW_CONN_A", ".env: AIRFLOW_VAR_B", ".env: C"]
    assert "airflow.secrets_backend" in left[0].reason
    assert "airflow.env_vars" in left[2].reason


def test_connections_and_variables_ask_for_a_secrets_backend(tmp_path: Path) -> None:
    """From either file; the empty entries that the Astro CLI writes ask for nothing."""
    assert not needs_secrets_backend(tmp_path)
    (tmp_path / "airflow_settings.yaml").write_text("airflow: {connections: [{conn_id: }], pools: [{pool_name: a}]}\n")
    (tmp_path / ".env").write_text("STAGE=prod\n")
    assert not needs_secrets_backend(tmp_path)
    (tmp_path / "airflow_settings.yaml").write_text("airflow: {variables: [{variable_name: a}]}\n")
    assert needs_secrets_backend(tmp_path)
    (tmp_path / "airflow_settings.yaml").unlink()
    (tmp_path / ".env").write_text("AIRFLOW_CONN_LAKE=aws://\n")
    assert needs_secrets_backend(tmp_path)


def test_settings_are_named_where_there_are_any(tmp_path: Path) -> None:
    """Empty sections and a missing file have none."""
    file = tmp_path / "airflow_settings.yaml"
    assert list(settings_of(file)) == []
    file.write_text("airflow:\n  connections: [{conn_id: lake}, {conn_id: }]\n  pools:\n")
    assert [each.what for each in settings_of(file)] == ["airflow_settings.yaml: connection lake"]
    file.write_text("airflow:\n")
    assert list(settings_of(file)) == []


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    """With the reason."""
    file = tmp_path / "values.yaml"
    file.write_text("a: [")
    with pytest.raises(Refusal, match="is not YAML"):
        mapping_of(file)
    file.write_bytes(b"a: \xff")
    with pytest.raises(Refusal, match="cannot be read"):
        mapping_of(file)
    file.write_text("- a")
    assert mapping_of(file) == {}


def test_other_things_in_a_home_are_named(tmp_path: Path) -> None:
    """Hidden ones are not."""
    for name in ("dags", "sql", ".git", "__pycache__"):
        (tmp_path / name).mkdir()
    assert [each.what for each in found_beside(tmp_path, ["dags"])] == ["sql"]
