"""The environment YAML that nobody named is found, or it is said why not."""

from pathlib import Path

import pytest

from cli.command_line.find_environment import NoEnvironment, environments_in, find_environment

ENVIRONMENT = "name: demo\naws: {}\nairflow: {}\n"


def test_the_only_environment_is_found(tmp_path: Path) -> None:
    """Whatever its name; a file without the keys of an environment is something else."""
    (tmp_path / "prod.yml").write_text(ENVIRONMENT)
    (tmp_path / "compose.yaml").write_text("name: demo\nservices: {}\n")
    assert find_environment(tmp_path) == Path("prod.yml")


def test_a_folder_above_is_looked_at(tmp_path: Path) -> None:
    """The nearest one with an environment counts, and the path leads there from where the user is."""
    below = tmp_path / "airflow_home" / "dags"
    below.mkdir(parents=True)
    (tmp_path / "env.yaml").touch()
    assert find_environment(below) == Path("../../env.yaml")
    (tmp_path / "airflow_home" / "near.yaml").write_text(ENVIRONMENT)
    assert find_environment(below) == Path("../near.yaml")


def test_the_search_ends_with_the_checkout(tmp_path: Path) -> None:
    """The environment of another project is never meant."""
    checkout = tmp_path / "checkout"
    (checkout / ".git").mkdir(parents=True)
    (tmp_path / "env.yaml").touch()
    with pytest.raises(NoEnvironment, match="No environment YAML is named") as refusal:
        find_environment(checkout)
    assert "windsock init" in refusal.value.next_step


def test_of_several_none_is_chosen(tmp_path: Path) -> None:
    """Not even env.yaml: a teardown of the wrong one cannot be undone."""
    (tmp_path / "env.yaml").write_text(ENVIRONMENT)
    (tmp_path / "prod.yaml").write_text(ENVIRONMENT)
    with pytest.raises(NoEnvironment, match="not said which") as refusal:
        find_environment(tmp_path)
    assert "env.yaml, prod.yaml" in refusal.value.why


def test_what_cannot_be_read_is_no_environment(tmp_path: Path) -> None:
    """Except for env.yaml, whose reader then says what is wrong with it."""
    (tmp_path / "latin.yaml").write_bytes(b"name: \xff")
    (tmp_path / "folder.yaml").mkdir()
    assert environments_in(tmp_path) == []
    (tmp_path / "env.yaml").write_bytes(b"name: \xff")
    assert environments_in(tmp_path) == [tmp_path / "env.yaml"]
    assert environments_in(tmp_path / "none") == []
