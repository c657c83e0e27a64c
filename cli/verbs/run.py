"""Runs a DAG of an environment now, prints what its tasks log while they run, and ends with the run.

An environment that sleeps until something is due is woken first. The exit code is 0 when the run succeeds. With TASK it
runs that task alone, without what it depends on, in a container of its own: Airflow keeps no record of that. On AWS the
container is reached by ECS Exec, as by `windsock shell`.

    windsock run env.yaml orders
    windsock run env.yaml orders --conf '{"day": "2026-11-28"}'
    windsock run env.yaml orders load
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from acceptance.airflow.clients import client_of_first_user
from cli.aws_access.account import kept_of, open_aws, web_url
from cli.aws_access.sleeper import awake
from cli.aws_access.transports import transport_for
from cli.command_line.parser import Parser, UsageRefusal, add_aws, add_environment, add_events
from cli.command_line.verb import Call
from cli.compiling.selected_environment import selected, selected_arguments
from cli.terminal.interruption import interruptible
from cli.terminal.progress_lines import Lines
from deployer.access.shell import shell_command, shell_task
from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.preflight import existing_stack
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure
from rehearsal.clients.dag_run import follow_run
from spec.environment import Environment
from spec.errors import Refusal

_NOT_FOUND = 404
_PLAIN_LOGS = ("env", "AIRFLOW__LOGGING__LOGGING_CONFIG_CLASS=", "AIRFLOW__LOGGING__JSON_LOGS=False")
"""A person reads the lines; and Airflow 3.3 cannot test a task with JSON lines: its stdout has no buffer there."""


def arguments(parser: Parser) -> None:
    """Declare what the verb takes."""
    add_environment(parser)
    parser.add_argument("dag", metavar="DAG", help="the id of the DAG")
    parser.add_argument("task", metavar="TASK", nargs="?", help="the id of a task, to run it alone")
    parser.add_argument("--conf", metavar="JSON", default="", help="the configuration of the run, a JSON object")
    parser.add_argument(
        "--unpause", action="store_true", help="unpause a DAG that is paused, which its schedule obeys, too"
    )
    add_events(parser)
    add_aws(parser)


def run(call: Call) -> int:
    """Run it and return whether it succeeded."""
    conf = conf_of(call.options.conf)
    env = selected(call)
    session = open_aws(call, env)
    outputs = read_outputs(existing_stack(env, session))
    awake(call, env, session, outputs)
    if call.options.task:
        return _run_task(call, env, session, outputs)
    _run_dag(call, session, _client(call, env, session, outputs), conf)
    return 0


def conf_of(text: str) -> Mapping[str, Any]:
    """Read a configuration; raises `UsageRefusal` for anything but a JSON object."""
    try:
        conf = json.loads(text or "{}")
    except ValueError as error:
        raise UsageRefusal(
            f"--conf is no JSON: {error}.", next_step="""Write it as '{"day": "2026-11-28"}'."""
        ) from error
    if not isinstance(conf, dict):
        raise UsageRefusal("--conf is no JSON object.", next_step="""Write it as '{"day": "2026-11-28"}'.""")
    return conf


def _client(call: Call, env: Environment, session: Session, outputs: Outputs) -> AirflowClient:
    site = urlsplit(outputs.url)
    url = web_url(call) or f"{site.scheme}://{site.netloc}"
    if not outputs.url:
        raise Refusal(
            f"{env.name} is without a load balancer, so that nothing here reaches its REST API.",
            next_step=f"Run it there: `windsock shell {selected_arguments(call)} -- airflow dags trigger ID`.",
        )
    return client_of_first_user(env, url, session.secrets.read(outputs.admin_secret))


def _run_dag(call: Call, session: Session, client: AirflowClient, conf: Mapping[str, Any]) -> None:
    dag = call.options.dag
    _make_ready(call, client, dag)
    name = client.trigger(dag, conf)
    call.screen.say(f"Started {name} of {dag}.")
    lines = call.screen.event_lines
    with interruptible(f"The run {name} of {dag} goes on."):
        for line in follow_run(client, dag, name, lambda: session.clock.sleep(session.clock.shortest * 3)):
            if lines:
                lines.line("log", **asdict(line))
            else:
                call.screen.data(f"{line.task}  {line.text}", now=True)
    ended = client.run(dag, name)
    took, state = _seconds(ended), ended["state"]
    facts = {"dag": dag, "run": name, "state": state, "seconds": round(took, 2)}
    call.screen.result(facts, "", as_json=False)
    if state != "success":
        failed = [task["task_id"] for task in client.tasks(dag, name) if task.get("state") == "failed"]
        raise Refusal(
            f"The run {name} of {dag} failed after {took:.1f} s.",
            why=f"Failed: {', '.join(failed)}." if failed else "",
            next_step=f"Correct it, or run one task alone: `windsock run {selected_arguments(call)} {dag} TASK`.",
        )
    call.screen.say(f"{dag} succeeded in {took:.1f} s.")


def _seconds(run: Mapping[str, Any]) -> float:
    """Return how long a run took that has ended; none where somebody ended it before it began."""
    began, ended = run["start_date"], run["end_date"]
    return (datetime.fromisoformat(ended) - datetime.fromisoformat(began)).total_seconds() if began and ended else 0.0


def _make_ready(call: Call, client: AirflowClient, dag: str) -> None:
    """Unpause a DAG where nobody else is concerned; refuse one that does not exist, or is paused."""
    try:
        paused = client.is_paused(dag)
    except AirflowClientFailure as failure:
        if failure.status != _NOT_FOUND:
            raise
        listed = ", ".join(sorted(client.dags())) or "none"
        why = "\n".join([f"Airflow lists: {listed}.", *client.import_errors()])
        raise Refusal(f"There is no DAG {dag}.", why=why, next_step="Name another, or repair its file.") from failure
    if not paused:
        return
    if not (call.options.unpause or kept_of(call)):
        raise Refusal(
            f"DAG {dag} is paused, so that no run of it begins.",
            next_step="Add --unpause; its schedule begins, too.",
        )
    client.unpause(dag)
    call.screen.say(f"Unpaused {dag}.")


def task_command(dag: str, task: str, conf: str) -> tuple[str, ...]:
    """Return the command that runs one task alone, and logs for a person."""
    return (*_PLAIN_LOGS, "airflow", "tasks", "test", dag, task, *(("--task-params", conf) if conf else ()))


def _run_task(call: Call, env: Environment, session: Session, outputs: Outputs) -> int:
    options, transport = call.options, transport_for(call, session)
    command = task_command(options.dag, options.task, options.conf)
    with shell_task(env, session, outputs, Lines(call.screen.say), by_agent=transport.by_agent) as task:
        code = transport.command(task.exec_target, shell_command(command))
    return code if task.exit_code is None else task.exit_code
