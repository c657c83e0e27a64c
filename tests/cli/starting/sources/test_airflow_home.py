"""An Airflow home is used where it is, with what lies beside its DAGs."""

from pathlib import Path

from cli.starting.sources import airflow_home


def test_what_lies_beside_the_dags_is_read(tmp_path: Path) -> None:
    """Packages and options are carried over; the rest is named, and values that may be secrets are not."""
    (tmp_path / "dags").mkdir()
    (tmp_path / "airflow.cfg").write_text("[core]\nparallelism = 8\n")
    (tmp_path / "requirements.txt").write_text("apache-airflow==2.9.1\npandas==2.2.0 # for orders\n-r more.txt\n")
    (tmp_path / "packages.txt").write_text("# for pdf\npoppler-utils\n")
    (tmp_path / ".env").write_text(
        "AIRFLOW_CONN_DB=postgres://u:secret@h/d\nexport AIRFLOW__CORE__DAG_DISCOVERY_SAFE_MODE=False\n"
    )
    (tmp_path / "sql").mkdir()
    (tmp_path / "airflow.db").touch()
    assert airflow_home.recognises(tmp_path)
    found = airflow_home.read(tmp_path)
    assert found.home == tmp_path
    assert found.options == {("core", "parallelism"): "8", ("core", "dag_discovery_safe_mode"): "False"}
    assert (found.requirements, found.packages) == (("pandas==2.2.0",), ("poppler-utils",))
    left = [each.what for each in found.left_out]
    assert left == [
        *("requirements.txt: apache-airflow==2.9.1", "requirements.txt: -r more.txt"),
        *(".env: AIRFLOW_CONN_DB", "sql", "airflow.db"),
    ]
    assert "secret@h" not in str(found)


def test_a_folder_without_dags_is_none(tmp_path: Path) -> None:
    """There is nothing to run in it."""
    assert not airflow_home.recognises(tmp_path)
