"""Promises of the names: one process, written as logical ids, log streams and sentences write it."""

import dataclasses

import pytest

from compiler.model.errors import CompileError
from compiler.resources.processes import kebab, logs_port, port, runs_user_code, title, words
from spec.releases.table import NEWEST


def test_one_name_in_three_manners() -> None:
    """Each place has its own way to write a name."""
    assert (title("dag_processor"), kebab("dag_processor"), words("dag_processor")) == (
        "DagProcessor",
        "dag-processor",
        "DAG processor",
    )
    assert (title("webserver"), kebab("webserver"), words("webserver")) == ("Webserver", "webserver", "webserver")


def test_who_serves_logs_where() -> None:
    """Live logs come from whoever runs tasks or triggers; nobody asks the others for them."""
    ports = {name: logs_port(process) for name, process in NEWEST.processes.items()}
    assert ports == {"webserver": None, "scheduler": 8793, "dag_processor": None, "triggerer": 8794}


def test_who_runs_what_users_wrote() -> None:
    """Tasks and triggers work with systems that only their author knows."""
    runners = {name for name, process in NEWEST.processes.items() if runs_user_code(process)}
    assert runners == {"scheduler", "triggerer"}


def test_a_port_that_is_missing_is_asked_for() -> None:
    """A process that others connect to must say where; the release table is named as the place."""
    silent = dataclasses.replace(NEWEST.processes["webserver"], port=None)
    with pytest.raises(CompileError, match=r"spec/releases/table\.py"):
        port(silent)
