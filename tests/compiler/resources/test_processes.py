"""Promises of the processes: who serves logs where, and who runs what users wrote."""

from compiler.resources.processes import logs_port, runs_user_code
from spec.releases.table import NEWEST


def test_log_servers_have_their_ports() -> None:
    """Schedulers and triggerers serve live logs; no other process has a log port."""
    ports = {name: logs_port(process) for name, process in NEWEST.processes.items()}
    assert ports == {"webserver": None, "scheduler": 8793, "dag_processor": None, "triggerer": 8794}


def test_scheduler_and_triggerer_run_user_code() -> None:
    """Tasks and triggers connect to systems that only their author knows."""
    runners = {name for name, process in NEWEST.processes.items() if runs_user_code(process)}
    assert runners == {"scheduler", "triggerer"}
