"""What of a home does not reach the cluster is told, with where it belongs."""

from pathlib import Path

import pytest

from deployer.release.left_out import PLACES, left_out


@pytest.mark.parametrize("name", PLACES)
def test_a_known_file_is_told_with_its_place(tmp_path: Path, name: str) -> None:
    """One sentence, which names the file and where its content goes."""
    (tmp_path / name).touch()
    assert list(left_out(tmp_path)) == [f"{tmp_path}/{name} is not brought to the cluster: {PLACES[name]}."]


def test_any_other_file_or_folder_is_told(tmp_path: Path) -> None:
    """Sorted by name; a name that cannot be printed is escaped."""
    (tmp_path / "sql").mkdir()
    (tmp_path / "variables.json").touch()
    (tmp_path / "a\x1b[31m").touch()
    first, second, third = left_out(tmp_path)
    assert first.startswith(f"'{tmp_path}/a\\x1b[31m' is not brought")
    assert second.startswith(f"{tmp_path}/sql/ is not brought to the cluster: what DAGs read goes into include/")
    assert third.startswith(f"{tmp_path}/variables.json is not brought")


def test_what_is_brought_or_no_code_is_not_told(tmp_path: Path) -> None:
    """The usual places, and what tools leave."""
    for name in ("dags", "plugins", "config", "include", "logs", "__pycache__", ".git"):
        (tmp_path / name).mkdir()
    for name in ("webserver_config.py", "README.md", "ruff.toml", "airflow.db", ".env"):
        (tmp_path / name).touch()
    assert list(left_out(tmp_path)) == []


def test_hidden_files_and_leftovers_between_code_are_told(tmp_path: Path) -> None:
    """Each with its reason; `.airflowignore` is code, and nobody misses what Python makes."""
    (tmp_path / "dags" / "team" / "__pycache__").mkdir(parents=True)
    (tmp_path / "dags" / ".cache").mkdir()
    for name in (".airflowignore", ".secret.yaml", "team/one.py", "team/one.py~", "team/__pycache__/one.pyc"):
        (tmp_path / "dags" / name).touch()
    assert list(left_out(tmp_path)) == [
        f"{tmp_path}/dags/.cache is not brought to the cluster: hidden files stay here.",
        f"{tmp_path}/dags/.secret.yaml is not brought to the cluster: hidden files stay here.",
        f"{tmp_path}/dags/team/one.py~ is not brought to the cluster: an editor or a tool left it behind.",
    ]
