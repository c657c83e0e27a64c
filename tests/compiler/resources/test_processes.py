"""Promises of the processes: who serves logs where, and who runs what users wrote."""

from compiler.resources.processes import logs_port, runs_user_code
from spec.releases.table import NEWEST


def test_who_serves_logs_where() -> None:
    """Live logs come from whoever runs tasks or triggers; nobody asks the others for them."""
    ports = {name: logs_port(process) for name, process in NEWEST.processes.items()}
    assert ports == {"webserver": None, "scheduler": 8793, "dag_processor": None, "triggerer": 8794}


def test_who_runs_what_users_wrote() -> None:
    """Tasks and triggers work with systems that only their author knows."""
    runners = {name for name, process in NEWEST.processes.items() if runs_user_code(process)}
    assert runners == {"scheduler", "triggerer"}
