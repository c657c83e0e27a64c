"""Checks a deployed environment from outside: login, DAG runs, the sample plugin's page and log lines."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from acceptance.airflow.clients import new_client
from acceptance.airflow.listing import read_listing
from acceptance.dag_files import DagFiles, parse_dag_files, refuse_import_errors
from acceptance.steps import StepRefusal, Steps
from acceptance.target import Target
from acceptance.worker_checks import observe_workers
from compiler.contract import WORKER, worker_family
from deployer.aws.polling import Clock
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure

SAMPLE_PLUGIN, SAMPLE_PAGE, GREETING = "hello.py", "/hello/", "Hello, world!"
BROKEN_PLUGIN = "Failed to import plugin"
LISTED_SECONDS = 90.0
RUN_SECONDS = 300.0
PARSES = 3
"""How many times as long as a container of its own the cluster may take to parse the files."""
LISTED_NAMES = 20
TAIL_LINES = 8
NOT_FOUND = 404
NOTHING_RUN = (
    "No DAG was run, so it is not known whether one works: none has the tag `rehearse`, and rehearse.dags of the YAML "
    "names none. `windsock rehearse --dag ID` runs one."
)
ERROR_LEVELS = frozenset({"error", "critical"})


@dataclass(frozen=True)
class Observed:
    """What the checks leave for others: a client that is logged in, and the DAGs that ran."""

    client: AirflowClient
    dags: tuple[str, ...]


def observe(target: Target, named: Sequence[str], steps: Steps) -> Observed:
    """Check everything; refuse with the containers' last log lines when something is not as it should be.

    The DAGs run that are `named`, else those of the YAML, else those with the tag `rehearse`.
    """
    client = open_client(target, steps)
    explain = partial(_last_errors, target)
    target.login.check_people(steps, explain)
    with steps.step("parse", "Parsing every DAG file", explain) as notes:
        files = _parse(target, client)
        dags = _chosen(files, [*named] or target.env.rehearse.dags)
        notes.saw = _found(files, dags)
    if not dags:
        steps.remark(NOTHING_RUN)
    with steps.step("dags", "Running DAGs: " + (", ".join(dags) or "none"), explain) as notes:
        runs = _run_dags(client, dags, target.session.clock)
        notes.saw = f"{len(runs)} succeeded, no import errors"
    _check_workers(target, client, runs, steps)
    _check_plugins(target, client, steps)
    with steps.step("logs", "Reading CloudWatch Logs") as notes:
        notes.saw = _read_logs(target, ran=bool(dags))
    return Observed(client, dags)


def open_client(target: Target, steps: Steps) -> AirflowClient:
    """Return a client that is logged in."""
    client = new_client(target.env, target.web_url)
    explain = partial(_last_errors, target)
    client.add_cookies(target.login.pass_load_balancer(steps, explain))
    with steps.step("login", "Logging in with the generated password", explain) as notes:
        notes.saw = _log_in(target, client)
    return client


def work_again(target: Target, client: AirflowClient, dag: str | None) -> str:
    """Log in again and run a DAG, if there is one; refuse when it does not succeed. Returns what was seen."""
    seen = _log_in(target, client)
    return f"{dag} succeeded" if dag and _run_dags(client, [dag], target.session.clock) else seen


def _log_in(target: Target, client: AirflowClient) -> str:
    password = target.session.secrets.read(target.outputs.admin_secret)
    return target.login.log_in(client, target.env.auth.first_user.username, password)


def _check_workers(target: Target, client: AirflowClient, runs: Mapping[str, str], steps: Steps) -> None:
    if not runs or not target.env.executor.has_workers:
        return
    title = "Looking at the workers and at the logs that they leave"
    with steps.step("workers", title, partial(_last_errors, target)) as notes:
        family = worker_family(target.env)
        notes.saw = str(observe_workers(target.session, target.outputs.cluster, family, client, runs))


def _check_plugins(target: Target, client: AirflowClient, steps: Steps) -> None:
    with steps.step("plugins", "Looking for plugins that were not imported") as notes:
        _refuse_broken_plugins(target)
        notes.saw = "none"
    if (target.home / "plugins" / SAMPLE_PLUGIN).exists() and target.login.shows_plugins(client):
        with steps.step("page", "Opening the sample plugin's page", partial(_last_errors, target)) as notes:
            notes.saw = _open_sample_page(target, client)


def _parse(target: Target, client: AirflowClient) -> DagFiles:
    """Wait until the cluster lists the DAGs of every file; refuse files that cannot be imported."""
    clock = target.session.clock
    began = clock.now()
    files = parse_dag_files(target.env, target.session, target.outputs)
    refuse_import_errors(files, f"{target.env.image.context}/requirements.txt")
    # The cluster parses the same files beside all else that it does.
    limit = LISTED_SECONDS + PARSES * (clock.now() - began)
    broken = clock.until(lambda: _not_listed(files, client, began), limit=limit)
    if broken is None:
        raise AirflowClientFailure(
            f"After {limit:.0f} s Airflow does not list {_listed(files.dags.keys() - client.dags())}.",
            "\n".join(client.import_errors()),
            "Look at the lines of the process that parses DAG files.",
        )
    refuse_import_errors(broken, f"{target.env.image.context}/requirements.txt")
    return files


def _not_listed(files: DagFiles, client: AirflowClient, since: float) -> DagFiles | None:
    """Return the files of which Airflow has told since that it cannot list their DAGs; None while it may come to it.

    A DAG that a container can import may need a plugin to be stored, such as one with a timetable of its own.
    """
    if files.dags.keys() <= (dags := client.dags()):
        return DagFiles({}, {})
    listing, missing = read_listing(client), {file for dag, file in files.dags.items() if dag not in dags}
    told = {
        file: error
        for file, error in listing.errors.items()
        # A busy machine runs into a time limit, and parses the file again.
        if file in missing and listing.parsed[file].timestamp() > since and "Timeout" not in error
    }
    return DagFiles({}, told) if told else None


def _chosen(files: DagFiles, named: Sequence[str]) -> tuple[str, ...]:
    """Return the DAGs to run; refuse one that no file defines."""
    if unknown := [dag for dag in named if dag not in files.dags]:
        raise StepRefusal(
            f"There is no DAG {unknown[0]}.",
            why=f"The files define: {_listed(files.dags)}.",
            next_step="Name another with --dag or in rehearse.dags, or look at the file that should define it.",
        )
    return tuple(named or files.tagged)


def _found(files: DagFiles, dags: Sequence[str]) -> str:
    idle = files.dags.keys() - set(dags)
    found = f"{len(files.dags)} DAGs found; run: {_listed(dags)}"
    return f"{found}; not run: {_listed(idle)}" if idle else found


def _listed(names: Iterable[str]) -> str:
    """Return names as a sentence has them, and of many the first ones."""
    every = sorted(names)
    some, more = every[:LISTED_NAMES], len(every) - LISTED_NAMES
    return (", ".join(some) or "none") + (f" and {more} more" if more > 0 else "")


def _run_dags(client: AirflowClient, dags: Sequence[str], clock: Clock) -> dict[str, str]:
    runs = {dag: _start(client, dag, clock) for dag in dags}
    for dag, run in runs.items():
        _await_success(client, dag, run, clock)
    if broken := client.import_errors():
        raise AirflowClientFailure(
            "Airflow cannot import every DAG.", "\n".join(broken), "Repair the file and rehearse again."
        )
    return runs


def _refuse_broken_plugins(target: Target) -> None:
    lines = (line for process in target.env.processes for line in _messages_since_start(target, process.name))
    if broken := next((line for line in lines if BROKEN_PLUGIN in line), ""):
        raise AirflowClientFailure(
            "Airflow cannot import every plugin.", _readable(broken), "Repair it and rehearse again."
        )


def _open_sample_page(target: Target, client: AirflowClient) -> str:
    path = target.env.airflow.release.web.plugin_prefix + SAMPLE_PAGE
    page = target.login.read_page(client, path)
    if GREETING not in page:
        raise AirflowClientFailure(f"{path} does not say {GREETING!r}.", "", "Look at the sample plugin.")
    return f"{path} says {GREETING}"


def _start(client: AirflowClient, dag: str, clock: Clock) -> str:
    """Unpause and trigger a DAG as soon as the scheduler has listed it."""

    def listed() -> bool | None:
        try:
            client.unpause(dag)
        except AirflowClientFailure as failure:
            if failure.status != NOT_FOUND:  # the scheduler has not listed it yet
                raise
            return None
        return True

    if clock.until(listed, limit=LISTED_SECONDS) is None:
        errors = "\n".join(client.import_errors()) or "The scheduler has not listed it."
        raise AirflowClientFailure(
            f"There is no DAG {dag}.", errors, "Look at the file in dags/, or name another with --dag."
        )
    return client.trigger(dag)


def _await_success(client: AirflowClient, dag: str, run: str, clock: Clock) -> None:
    def ended() -> str | None:
        try:
            state = client.run_state(dag, run)
        except AirflowClientFailure as failure:
            if failure.status is not None:  # while tasks start, the web server of a busy machine may not answer
                raise
            return None
        return state if state in {"success", "failed"} else None

    state = clock.until(ended, limit=RUN_SECONDS) or client.run_state(dag, run)
    if state != "success":
        raise AirflowClientFailure(
            f"The run of DAG {dag} is {state}, not success.",
            "\n".join(client.failed_task_logs(dag, run)),
            "The task's log says why.",
        )


def _read_logs(target: Target, *, ran: bool) -> str:
    """Count the lines of every process; refuse when one of them writes no JSON."""
    counts: list[str] = []
    tasks = 0
    for name in _log_names(target, ran=ran):
        lines = list(_messages(target, name))
        parsed = [line for line in map(_parsed, lines) if line]
        if not parsed:
            raise StepRefusal(
                f"The {name} has written {len(lines)} lines to CloudWatch Logs, none of them JSON.",
                next_step="Look at what airflow.config sets below logging.",
            )
        tasks += sum(name == WORKER or "task_id" in line for line in parsed)
        counts.append(f"{name} {len(parsed)} of {len(lines)}")
    if ran and not tasks:
        raise StepRefusal(
            "No task has written a JSON line to CloudWatch Logs.",
            next_step="Look at what airflow.config sets below logging.",
        )
    return f"JSON lines: {', '.join(counts)}; {tasks} by tasks"


def _log_names(target: Target, *, ran: bool) -> tuple[str, ...]:
    workers = (WORKER,) if ran and target.env.executor.has_workers else ()
    return (*(process.name for process in target.env.processes), *workers)


def _parsed(line: str) -> dict[str, Any]:
    try:
        parsed = json.loads(line)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _messages(target: Target, process: str) -> Iterator[str]:
    for line in target.session.logs.lines(target.outputs.log_groups[process], since=0):
        yield line.text


def _messages_since_start(target: Target, process: str) -> Iterator[str]:
    """Yield what the newest container of a process wrote: an older one may have had other code."""
    lines = tuple(target.session.logs.lines(target.outputs.log_groups[process], since=0))
    began = {line.stream: line.time for line in reversed(lines)}
    newest = max(began, key=lambda stream: began[stream], default="")
    yield from (line.text for line in lines if line.stream == newest)


def _last_errors(target: Target) -> Iterator[str]:
    """Yield the last errors of every process."""
    for name in _log_names(target, ran=True):
        lines = [line for line in _messages(target, name) if _parsed(line).get("level") in ERROR_LEVELS]
        yield from (f"{name}: {_readable(line)}" for line in lines[-TAIL_LINES:])


def _readable(line: str) -> str:
    """Return the message of a JSON log line, with its traceback as Python prints it."""
    parsed = _parsed(line)
    message = str(parsed.get("message") or parsed.get("event") or line)
    traceback = parsed.get("exception")
    return f"{message}\n{traceback.rstrip()}" if isinstance(traceback, str) else message
