"""`windsock run`: what it refuses before and after it asked Airflow; whole rehearsals run DAGs and tasks with it."""

import io
import json
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from acceptance.airflow.clients import client_of_first_user
from cli.command_line.parser import UsageRefusal
from cli.command_line.verb import Call
from cli.terminal.screen import Screen
from cli.verbs.run import _run_dag, conf_of, task_command
from rehearsal.clients.airflow_client import AirflowClient
from spec.errors import Refusal
from tests.acceptance.emulator import write_down
from tests.cli.airflow import PASSWORD, RUN, Airflow, running_airflow
from tests.cli.shell import Windsock
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.session import FakeSession


@dataclass(frozen=True)
class Shell:
    """An Airflow, a client of it, and a terminal."""

    airflow: Airflow
    client: AirflowClient
    folder: Path

    def run(
        self, dag: str = "tutorial", *, unpause: bool = False, kept: bool = False, events: bool = False
    ) -> tuple[str, str]:
        """Run a DAG; return what is printed, as result and beside it."""
        out, err = io.StringIO(), io.StringIO()
        screen = Screen(out=out, err=err, answers=None, colour=False, live=False, events=events)
        options = Namespace(env="env.yaml", branch=None, dag=dag, unpause=unpause)
        variables = {"WINDSOCK_CACHE": str(self.folder)}
        if kept:
            variables["AWS_ENDPOINT_URL"] = write_down(self.folder / "rehearsals" / "demo").endpoint_url
        _run_dag(Call(screen, options, variables), FakeSession().as_session, self.client, {})
        return out.getvalue(), err.getvalue()


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[Shell]:
    """Yield an Airflow with a DAG whose run succeeds."""
    with running_airflow() as airflow:
        yield Shell(airflow, client_of_first_user(environment(), airflow.address, PASSWORD), tmp_path)


def test_a_run_prints_what_its_tasks_log(shell: Shell) -> None:
    """The lines are the result; that it began and ended stands beside them."""
    out, err = shell.run()
    assert out == "load  ValueError: no such table\n"
    assert err.splitlines()[0] == f"Started {RUN} of tutorial."
    assert "tutorial succeeded in 2.5 s" in err


def test_a_program_reads_the_lines_and_how_it_ended(shell: Shell) -> None:
    """One JSON object a line."""
    log, result = map(json.loads, shell.run(events=True)[0].splitlines())
    assert (log["event"], log["task"], log["text"]) == ("log", "load", "ValueError: no such table")
    assert (result["event"], result["run"], result["state"]) == ("result", RUN, "success")


def test_a_failed_run_names_its_tasks(shell: Shell) -> None:
    """And how to try one of them alone."""
    shell.airflow.states = ["failed"]
    with pytest.raises(Refusal, match=f"The run {RUN} of tutorial failed") as refusal:
        shell.run()
    assert refusal.value.why == "Failed: load."
    assert "windsock run env.yaml tutorial TASK" in refusal.value.next_step


def test_a_dag_that_is_not_there_is_refused(shell: Shell) -> None:
    """With those that are, and the files that cannot be imported."""
    shell.airflow.import_errors = [{"filename": "dags/orders.py", "stack_trace": "NameError: x"}]
    with pytest.raises(Refusal, match="There is no DAG orders") as refusal:
        shell.run("orders")
    assert refusal.value.why.splitlines() == ["Airflow lists: tutorial.", "dags/orders.py: NameError: x"]
    assert not any("dagRuns" in asked for asked in shell.airflow.requests)


def test_a_paused_dag_is_not_unpaused_by_itself(shell: Shell) -> None:
    """Its schedule would begin, which on AWS concerns others; in a rehearsal it does not."""
    shell.airflow.paused = True
    with pytest.raises(Refusal, match="DAG tutorial is paused"):
        shell.run()
    assert not any("dagRuns" in asked for asked in shell.airflow.requests)
    assert "Unpaused tutorial." in shell.run(unpause=True)[1]
    assert "Unpaused tutorial." in shell.run(kept=True)[1]


def test_a_configuration_is_a_json_object() -> None:
    """Anything else is a mistake in the command line."""
    assert conf_of("") == {}
    assert conf_of('{"day": 1}') == {"day": 1}
    for text in ("{day: 1}", "[1]", "1"):
        with pytest.raises(UsageRefusal, match="--conf is no JSON"):
            conf_of(text)


def test_a_mistaken_configuration_asks_nobody(windsock: Windsock, aws: list[str]) -> None:
    """It is refused first."""
    ran = windsock("run", "env.yaml", "tutorial", "--conf", "nothing")
    assert (ran.code, ran.out, aws) == (2, "", [])


def test_a_task_alone_logs_for_a_person() -> None:
    """Without JSON lines; the configuration goes to it as its parameters."""
    command = task_command("orders", "load", "")
    assert command[0] == "env"
    assert "AIRFLOW__LOGGING__JSON_LOGS=False" in command
    assert command[-5:] == ("airflow", "tasks", "test", "orders", "load")
    assert task_command("orders", "load", '{"day": 1}')[-2:] == ("--task-params", '{"day": 1}')
