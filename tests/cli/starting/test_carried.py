"""What of an existing project goes into the YAML."""

import pytest

from cli.starting.carried import carry, nearest, typed
from cli.starting.understood import LeftOut, Understood
from spec.releases.table import NEWEST


@pytest.mark.parametrize(
    ("version", "chosen"),
    [
        ("2.5.3", "2.5.3"),
        ("2.10.2", "2.10.5"),
        ("2.9.1", "2.9.3"),
        ("2.6.0", "2.6.3"),
        ("2.7.1", "2.7.3"),
        ("2.8.0", "2.8.4"),
        ("1.10.15", "2.5.3"),
        ("3.1.0", "3.1.8"),
        ("9.0", "3.3.2"),
    ],
)
def test_the_nearest_release_is_chosen(version: str, chosen: str) -> None:
    """Of the same series, or else the next one, so that DAGs meet no older Airflow than they know."""
    assert nearest(version).version == chosen


def test_a_project_without_a_release_gets_the_newest() -> None:
    """And is told so."""
    carried = carry(Understood(title="a home"))
    assert carried.release is NEWEST
    assert carried.notes == (f"It does not say which Airflow it runs; the YAML has the newest, {NEWEST.version}.",)


def test_options_that_differ_from_the_defaults_are_carried_over() -> None:
    """Under the name that the release has for them."""
    found = Understood(
        title="an airflow.cfg",
        version="3.3.2",
        options={
            ("core", "parallelism"): "32",
            ("core", "load_examples"): "False",
            ("core", "max_active_tasks_per_dag"): "4",
            ("core", "dags_are_paused_at_creation"): "False",
            ("triggerer", "default_capacity"): "50",
        },
    )
    carried = carry(found)
    assert carried.config == {
        "core": {"max_active_tasks_per_dag": 4, "dags_are_paused_at_creation": False},
        "triggerer": {"capacity": 50},
    }
    assert carried.left_out == ()
    assert "triggerer.default_capacity is called triggerer.capacity in Airflow 3.3.2." in carried.notes


@pytest.mark.parametrize(
    ("section", "key", "value", "reason"),
    [
        ("core", "executor", "CeleryExecutor", "Windsock sets it itself"),
        ("core", "sql_alchemy_conn", "postgres://secret", "Windsock sets it itself"),
        ("core", "fernet_key_cmd", "cat secret", "Windsock sets it itself"),
        ("smtp", "smtp_password", "secret", "it holds a secret"),
        ("sentry", "sentry_dsn", "https://secret", "it holds a secret"),
        ("core", "paralelism", "8", "no such option; it has core.parallelism"),
        ("mine", "own", "8", "no such option"),
        ("dag_processor", "file_parsing_sort_mode", "$MODE", "an expression"),
        ("scheduler", "child_process_log_directory", "/var/log", "has no such option"),
    ],
)
def test_what_cannot_stand_in_a_yaml_is_left_out(section: str, key: str, value: str, reason: str) -> None:
    """With its reason, and without its value."""
    carried = carry(Understood(title="an airflow.cfg", version="3.3.2", options={(section, key): value}))
    assert carried.config == {}
    (left,) = carried.left_out
    assert left.what == f"option {section}.{key}"
    assert reason in left.reason
    assert "secret" not in left.what


def test_another_executor_is_told() -> None:
    """With what Windsock has in its place."""
    (left,) = carry(Understood(title="values", executor="CeleryExecutor")).left_out
    assert left.what == "executor CeleryExecutor"
    assert carry(Understood(title="values", executor="LocalExecutor", left_out=(LeftOut("a", "b"),))).left_out == (
        LeftOut("a", "b"),
    )


def test_values_are_typed_as_in_yaml() -> None:
    """Truth and numbers; the rest is text."""
    assert [typed(text) for text in ("True", "false", "12", "-1", "012", "1.5")] == [True, False, 12, -1, "012", "1.5"]
