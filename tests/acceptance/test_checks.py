"""A healthy environment passes every check; a failure shows the lines that explain it."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import cast

import pytest

from acceptance.checks import NOTHING_RUN, Observed, observe
from acceptance.logins.password import PasswordLogin
from acceptance.steps import StepRefusal, Steps
from acceptance.target import Target
from deployer.aws.logs import LogLine
from deployer.stacks.outputs import read_outputs
from spec.sections.rehearse import Rehearse
from tests.cli.airflow import PASSWORD, SILENCE, Airflow, running_airflow
from tests.deployer.fakes.environment import World, environment
from tests.deployer.fakes.session import FakeLogs, FakeSecrets, FakeSession

HEALTHY = {"level": "info", "message": "started"}
BY_A_TASK = {"level": "info", "message": "done", "task_id": "load"}


@dataclass
class Groups(FakeLogs):
    """Log groups with different lines."""

    said: dict[str, list[str]] = field(default_factory=dict)
    before: dict[str, list[str]] = field(default_factory=dict)
    """What a container wrote that was replaced."""

    def lines(self, group: str, since: float) -> Iterator[LogLine]:
        """Mirror the real client."""
        assert since == 0 or group == "command"
        old = [(0.0, "before", text) for text in self.before.get(group, ())]
        new = [(1.0, "stream", text) for text in self.said[group]]
        return (
            LogLine(id=str(number), time=time, stream=stream, text=text)
            for number, (time, stream, text) in enumerate([*old, *new])
        )


@dataclass(kw_only=True)
class Deployed:
    """A deployed environment, its web server, and the log lines of its containers."""

    airflow: Airflow
    session: FakeSession
    target: Target
    said: dict[str, list[str]]
    printed: list[str] = field(default_factory=list)
    looks: list[Observed] = field(default_factory=list)

    @property
    def seen(self) -> Observed:
        """What the last look left."""
        return self.looks[-1]

    def find(self, dag: str, *, tagged: bool = False) -> None:
        """Let a file define this DAG, and Airflow list it."""
        self.airflow.listed.add(dag)
        line = {"kind": "dag_file", "file": f"{dag}.py", "dags": [dag], "tagged": [dag] * tagged}
        self.say_first("command", line)

    def say_first(self, process: str, line: object) -> None:
        """Let a process write a JSON line before all others."""
        self.said[process].insert(0, json.dumps(line))

    def observe(self, *dags: str) -> Steps:
        """Look at it."""
        steps = Steps(say=self.printed.append, clock=lambda: 0.0)
        self.looks.append(observe(self.target, dags, steps))
        return steps

    def refusal(self, *dags: str) -> StepRefusal:
        """Look at it, and return why that does not go well."""
        with pytest.raises(StepRefusal) as refusal:
            self.observe(*dags)
        return refusal.value

    def say(self, process: str, *lines: object) -> None:
        """Let a process write JSON lines."""
        self.said[process] += [json.dumps(line) for line in lines]


@pytest.fixture
def deployed(tmp_path: Path) -> Iterator[Deployed]:
    """Yield an environment that passes every check."""
    said = {"webserver": [json.dumps(HEALTHY)], "scheduler": [json.dumps(HEALTHY), json.dumps(BY_A_TASK)]}
    said["command"] = [json.dumps({"kind": "dag_file", "end": True})]
    world = World(FakeSession(logs=Groups(said=said), secrets=FakeSecrets(values={"arn:secret": PASSWORD})))
    given = world.session.cloudformation.outputs("demo", {"SchedulerCount": "1", "WebserverCount": "1"})
    outputs = read_outputs(replace(world.session.cloudformation.put("demo", "CREATE_COMPLETE"), outputs=given))
    outputs = replace(outputs, log_groups={name: name for name in said})
    with running_airflow() as airflow:
        target = Target(
            env=environment(),
            session=world.session.as_session,
            outputs=outputs,
            web_url=airflow.address,
            home=tmp_path,
            login=PasswordLogin(environment()),
        )
        deployed = Deployed(airflow=airflow, session=world.session, target=target, said=said)
        deployed.find("tutorial")
        yield deployed


def test_a_healthy_environment_passes_every_step(deployed: Deployed) -> None:
    """Login, DAGs, plugins and logs, each with what was seen; no page without the sample plugin."""
    steps = deployed.observe("tutorial")
    assert {step.name: step.saw for step in steps.done} == {
        "login": "logged in as airflow",
        "parse": "1 DAGs found; run: tutorial",
        "dags": "1 succeeded, no import errors",
        "plugins": "none",
        "logs": "JSON lines: webserver 1 of 1, scheduler 2 of 2; 1 by tasks",
    }


def test_the_password_is_read_once_and_never_printed(deployed: Deployed) -> None:
    """It is the generated one, read from its secret; no step shows it."""
    steps = deployed.observe("tutorial")
    assert deployed.session.secrets.reads == ["arn:secret"]
    assert PASSWORD not in repr(steps.done) + "".join(deployed.printed)


def test_a_wrong_password_is_not_repeated(deployed: Deployed) -> None:
    """The refusal names the user alone."""
    deployed.session.secrets.values["arn:secret"] = "another-password"
    refusal = deployed.refusal("tutorial")
    assert "did not let 'airflow' log in" in refusal.what
    assert "another-password" not in str(refusal)


def test_a_code_base_whose_dags_nobody_chose_passes(deployed: Deployed) -> None:
    """No task has to speak then; that nothing was run is said now and at the end."""
    deployed.said["scheduler"] = [json.dumps(HEALTHY)]
    steps = deployed.observe()
    assert steps.done[1].saw == "1 DAGs found; run: none; not run: tutorial"
    assert steps.done[2].saw == "0 succeeded, no import errors"
    assert f"!! {NOTHING_RUN}" in deployed.printed
    assert steps.remarks == [NOTHING_RUN]


def test_dags_with_the_tag_run_when_none_are_named(deployed: Deployed) -> None:
    """Each that has it."""
    deployed.find("orders", tagged=True)
    assert deployed.observe().done[1].saw == "2 DAGs found; run: orders; not run: tutorial"
    assert deployed.seen.dags == ("orders",)


def test_the_yaml_names_dags_and_the_command_line_others(deployed: Deployed) -> None:
    """What is named goes before what is tagged."""
    deployed.find("orders", tagged=True)
    deployed.find("sales")
    env = deployed.target.env.model_copy(update={"rehearse": Rehearse(dags=("tutorial",))})
    deployed.target = replace(deployed.target, env=env)
    deployed.observe()
    assert deployed.seen.dags == ("tutorial",)
    deployed.observe("sales")
    assert deployed.seen.dags == ("sales",)


def test_a_queued_run_is_awaited_until_it_succeeds(deployed: Deployed) -> None:
    """Queued and running are no ends."""
    deployed.airflow.states = ["queued", "running", "running", "success"]
    before = deployed.session.time.seconds
    assert deployed.observe("tutorial").done[2].saw.startswith("1 succeeded")
    assert deployed.session.time.seconds > before


def test_all_runs_start_before_the_first_is_awaited(deployed: Deployed) -> None:
    """They run side by side, as they would."""
    deployed.find("other")
    deployed.observe("tutorial", "other")
    calls = [entry for entry in deployed.airflow.requests if "dagRuns" in entry]
    assert [entry.split()[0] for entry in calls] == ["POST", "POST", "GET", "GET"]


def test_a_failed_run_shows_the_log_of_its_task(deployed: Deployed) -> None:
    """The traceback of the task itself, not that it failed."""
    deployed.airflow.states = ["running", "failed"]
    refusal = deployed.refusal("tutorial")
    assert "The run of DAG tutorial is failed, not success." in refusal.what
    assert "load: ValueError: no such table" in refusal.why


def test_a_web_server_that_is_too_busy_to_answer_is_asked_again(deployed: Deployed) -> None:
    """Tasks that start take the processors of a small machine; the run itself goes on."""
    deployed.airflow.states = ["running", SILENCE, "success"]
    assert deployed.observe("tutorial").done[2].saw.startswith("1 succeeded")


def test_a_run_that_does_not_end_fails_after_five_minutes(deployed: Deployed) -> None:
    """After five minutes."""
    deployed.airflow.states = ["running"]
    before = deployed.session.time.seconds
    assert "is running, not success" in deployed.refusal("tutorial").what
    assert 300 <= deployed.session.time.seconds - before < 310


def test_a_dag_that_airflow_cannot_store_fails_at_once(deployed: Deployed) -> None:
    """A container imported its file, but the cluster lacks a plugin that it needs."""
    deployed.find("mine")
    deployed.airflow.listed.remove("mine")
    error = {"filename": "/opt/airflow/dags/mine.py", "stack_trace": "TimetableNotRegistered: x\n"}
    deployed.airflow.import_errors = [{**error, "timestamp": "2200-01-01T00:00:00+00:00"}]
    before = deployed.session.time.seconds
    assert "dags/mine.py: TimetableNotRegistered: x" in deployed.refusal("mine").why
    assert deployed.session.time.seconds - before < 60


def test_a_dag_that_is_never_listed_fails_with_import_errors(deployed: Deployed) -> None:
    """Although its file defines it: the cluster's own word is the reason."""
    deployed.find("mine")
    deployed.airflow.listed.remove("mine")
    deployed.airflow.import_errors = [{"filename": "dags/mine.py", "stack_trace": "NameError: x\n"}]
    before = deployed.session.time.seconds
    refusal = deployed.refusal("mine")
    assert "Airflow does not list mine." in refusal.what
    assert refusal.why.startswith("dags/mine.py: NameError: x")
    assert deployed.session.time.seconds - before >= 90


def test_a_dag_that_no_file_defines_fails_at_once(deployed: Deployed) -> None:
    """With those that there are."""
    refusal = deployed.refusal("tutoral")
    assert refusal.what == "There is no DAG tutoral."
    assert refusal.why == "The files define: tutorial."
    assert "--dag" in refusal.next_step


def test_dags_that_are_not_run_are_named(deployed: Deployed) -> None:
    """Of many the first twenty."""
    for number in range(25):
        deployed.find(f"dag_{number:02}")
    seen = deployed.observe("tutorial").done[1].saw
    assert seen.startswith("26 DAGs found; run: tutorial; not run: dag_00, dag_01, ")
    assert seen.endswith("dag_19 and 5 more")


def test_a_file_that_cannot_be_imported_fails_before_any_run(deployed: Deployed) -> None:
    """Whether or not a DAG of it was to run."""
    error = "Traceback\n  File \"/opt/airflow/dags/mine.py\", line 3, in <module>\nNameError: name 'x' is not defined"
    deployed.say_first("command", {"kind": "dag_file", "file": "mine.py", "error": error})
    refusal = deployed.refusal("tutorial")
    assert "cannot import 1 of the DAG files" in refusal.what
    assert refusal.why.startswith("dags/mine.py:3: NameError: name 'x' is not defined")
    assert not [entry for entry in deployed.airflow.requests if "dagRuns" in entry]


def test_a_web_server_error_fails_at_once(deployed: Deployed) -> None:
    """Only 404 means that the DAG is not listed yet."""
    deployed.airflow.switch = 500
    before = deployed.session.time.seconds
    assert "answered with 500" in deployed.refusal("tutorial").what
    assert deployed.session.time.seconds - before < 90


def test_an_import_error_fails_although_dags_succeeded(deployed: Deployed) -> None:
    """Every DAG of the code base has to come up, not only those that were run."""
    deployed.airflow.import_errors = [{"filename": "dags/mine.py", "stack_trace": "NameError: x"}]
    refusal = deployed.refusal("tutorial")
    assert "cannot import every DAG" in refusal.what
    assert "dags/mine.py: NameError: x" in refusal.why


def test_a_failure_shows_the_last_errors_of_every_process(deployed: Deployed) -> None:
    """Errors alone, by process, with the traceback as its author knows it; in the newest eight lines of each."""
    deployed.airflow.states = ["failed"]
    deployed.say("webserver", *({"level": "error", "message": f"number {number}"} for number in range(10)))
    deployed.say("scheduler", {"level": "warning", "message": "harmless"})
    deployed.say("scheduler", {"level": "critical", "event": "it broke", "exception": "Traceback:\n  OSError\n"})
    deployed.said["scheduler"] += ["error: no JSON"]
    lines = deployed.refusal("tutorial").why.splitlines()
    assert [line for line in lines if line.startswith("webserver")] == [f"webserver: number {n}" for n in range(2, 10)]
    assert lines[-3:] == ["scheduler: it broke", "Traceback:", "  OSError"]
    assert "harmless" not in "\n".join(lines)


def test_a_broken_plugin_fails(deployed: Deployed) -> None:
    """Airflow starts without the plugin; only its log shows the error."""
    message = "Failed to import plugin /opt/airflow/plugins/mine.py"
    deployed.say("scheduler", {"level": "error", "message": message, "exception": "Traceback:\n  ImportError: y"})
    refusal = deployed.refusal("tutorial")
    assert "cannot import every plugin" in refusal.what
    assert refusal.why == f"{message}\nTraceback:\n  ImportError: y"


def test_the_sample_plugins_page_is_opened(deployed: Deployed) -> None:
    """When the code base has the plugin."""
    _keep_sample_plugin(deployed)
    assert {step.name: step.saw for step in deployed.observe().done}["page"] == "/hello/ says Hello, world!"


def test_a_page_without_the_greeting_fails(deployed: Deployed) -> None:
    """That it opens is not enough."""
    _keep_sample_plugin(deployed)
    deployed.airflow.greeting = "Something went wrong"
    assert "/hello/ does not say 'Hello, world!'" in deployed.refusal().what


@pytest.mark.parametrize("lines", [[], ["started", "done"], ["3", '"text"', "[]"]], ids=["none", "text", "no objects"])
def test_a_process_without_json_lines_fails(deployed: Deployed, lines: list[str]) -> None:
    """Log queries need objects; the process and the number of its lines are named."""
    deployed.said["webserver"] = lines
    refusal = deployed.refusal()
    assert f"The webserver has written {len(lines)} lines to CloudWatch Logs, none of them JSON." in refusal.what
    assert "below logging" in refusal.next_step


def test_lines_that_are_not_json_are_counted(deployed: Deployed) -> None:
    """Some come before logging is configured; the step says how many."""
    deployed.said["webserver"] += ["a banner"]
    assert "webserver 1 of 2" in deployed.observe("tutorial").done[-1].saw


def test_tasks_that_wrote_nothing_fail(deployed: Deployed) -> None:
    """A DAG ran, so that at least one line has to have a task's id."""
    deployed.said["scheduler"] = [json.dumps(HEALTHY)]
    assert "No task has written a JSON line" in deployed.refusal("tutorial").what


def test_a_plugin_that_was_repaired_since_is_no_failure(deployed: Deployed) -> None:
    """A rehearsal that is checked again has lines of the container before."""
    logs = cast("Groups", deployed.session.logs)
    logs.before = {"scheduler": ["Failed to import plugin /opt/airflow/plugins/mine.py"]}
    assert deployed.observe("tutorial").done[3].saw == "none"


def _keep_sample_plugin(deployed: Deployed) -> None:
    (deployed.target.home / "plugins").mkdir()
    (deployed.target.home / "plugins" / "hello.py").touch()
