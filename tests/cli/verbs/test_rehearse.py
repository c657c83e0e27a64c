"""`windsock rehearse`: its refusals before an emulator starts, its exports, and how it ends."""

import io
import json
import subprocess
import sys
from argparse import Namespace
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from acceptance.run import Rehearsal
from acceptance.steps import Step, StepRefusal, Steps
from cli.command_line.verb import Call
from cli.compiling.compiled import compile_yaml
from cli.rehearsing.arguments import rehearsal_of, steps_of
from cli.terminal.screen import Screen
from cli.verbs import rehearse
from compiler.lint import _key
from rehearsal.session.emulator_session import FILE_NAME
from tests.acceptance.emulator import NOWHERE, write_down
from tests.cli.shell import Windsock

EXAMPLE = (Path(__file__).parents[3] / "env.example.yaml").read_text()


@pytest.fixture
def cache(checkout: Path, tmp_path: Path) -> Path:
    """Return a cache with clean lint results for the example, so that these tests need no lint."""
    compiled = compile_yaml(checkout / "env.yaml")
    folder = tmp_path / "cache" / "lint"
    folder.mkdir(parents=True)
    for name in compiled.templates.files:
        (folder / _key(compiled.templates, name, compiled.env.aws.region)).touch()
    return tmp_path / "cache"


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    """Yield a process in the place of a kept rehearsal's embedded AWS."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as process:
        yield process
        process.kill()


def test_a_refused_yaml_starts_no_emulator(windsock: Windsock, checkout: Path, cache: Path) -> None:
    """Its mistakes are printed as by compile, and it counts as wrong input."""
    (checkout / "env.yaml").write_text(EXAMPLE.replace("storage_gb: 20", "storage_gb: 10"))
    ran = windsock("rehearse", "env.yaml")
    assert (ran.code, ran.out) == (2, "")
    assert "database.storage_gb: 10 GiB" in ran.err
    assert not (cache / "rehearsals").exists()
    assert not (cache / "environments").exists()


def test_a_missing_yaml_is_refused(windsock: Windsock) -> None:
    """With and without --stop."""
    for options in ((), ("--stop",)):
        ran = windsock("rehearse", "none.yaml", *options)
        assert ran.code == 2
        assert "no such file" in ran.err


def test_a_finding_of_lint_starts_no_emulator(windsock: Windsock, checkout: Path, tmp_path: Path) -> None:
    """What AWS would refuse is not rehearsed."""
    text = EXAMPLE.replace("us-west-2", "il-central-1").replace("db.t4g.micro", "db.m7i.24xlarge")
    (checkout / "env.yaml").write_text(text)
    ran = windsock("rehearse", "env.yaml")
    assert (ran.code, ran.out) == (1, "")
    assert "E3025 'db.m7i.24xlarge'" in ran.err
    assert not (tmp_path / "cache" / "environments").exists()


def test_a_port_that_is_no_number_is_refused(windsock: Windsock) -> None:
    """A mistake in the command line is wrong input."""
    ran = windsock("rehearse", "env.yaml", "--port", "http")
    assert ran.code == 2
    assert "--port" in ran.err


def test_a_second_kept_rehearsal_is_refused(windsock: Windsock, cache: Path, sleeper: subprocess.Popen[bytes]) -> None:
    """The first one is named and stays; no environment was built for the second."""
    emulator = write_down(cache / "rehearsals" / "demo", pid=sleeper.pid)
    ran = windsock("rehearse", "env.yaml", "--keep")
    assert (ran.code, ran.out) == (1, "")
    assert "A rehearsal of demo is being kept already." in ran.err
    assert str(emulator.directory) in ran.err
    assert (emulator.directory / FILE_NAME).is_file()
    assert not (cache / "environments").exists()


def test_stop_without_a_kept_rehearsal_does_nothing(windsock: Windsock) -> None:
    """There is nothing to do, and that is no failure."""
    ran = windsock("rehearse", "env.yaml", "--stop")
    assert (ran.code, ran.out, ran.err) == (0, "", "No rehearsal of demo is being kept.\n")


def test_stop_ends_a_kept_rehearsal(windsock: Windsock, cache: Path, sleeper: subprocess.Popen[bytes]) -> None:
    """Its process and its folder are gone; the next stop finds nothing."""
    emulator = write_down(cache / "rehearsals" / "demo", pid=sleeper.pid)
    ran = windsock("rehearse", "env.yaml", "--stop")
    assert (ran.code, ran.err) == (0, "Ended the rehearsal of demo.\n")
    assert sleeper.wait(60) == -9
    assert not emulator.directory.exists()
    assert "No rehearsal of demo" in windsock("rehearse", "env.yaml", "--stop").err


@dataclass(frozen=True, kw_only=True)
class Rehearsed:
    """A rehearsal of one step, the call that started it, and what that call writes."""

    call: Call
    rehearsal: Rehearsal
    out: io.StringIO
    err: io.StringIO


def _rehearsed(checkout: Path, *, as_json: bool = False, events: bool = False) -> Rehearsed:
    """Return a rehearsal that has done one step."""
    out, err = io.StringIO(), io.StringIO()
    screen = Screen(out=out, err=err, answers=None, colour=False, live=False, events=events)
    steps = Steps(say=screen.say, done=[Step("deploy", 12.34, "webserver healthy")])
    options = Namespace(env="env.yaml", branch=None, json=as_json, dag=None, port=0, endpoint_port=0)
    call = Call(screen, options, {})
    rehearsal = rehearsal_of(call, compile_yaml(checkout / "env.yaml"), steps)
    return Rehearsed(call=call, rehearsal=rehearsal, out=out, err=err)


def test_a_kept_rehearsal_prints_exports_for_a_shell(checkout: Path) -> None:
    """Stdout has nothing but what `eval` takes; where things are, and how they end, stands on stderr."""
    done = _rehearsed(checkout)
    rehearse._hand_over(done.call, done.rehearsal, NOWHERE)
    script = f'{done.out.getvalue()}echo "$AWS_ENDPOINT_URL $AWS_REGION $AWS_ACCESS_KEY_ID $WINDSOCK_WEB_URL"'
    said = subprocess.run(["sh", "-ec", script], check=True, capture_output=True, text=True, env={}, timeout=60).stdout
    assert said == "http://127.0.0.1:4566 us-west-2 123456789012 http://127.0.0.1:8080\n"
    assert "windsock teardown env.yaml" in done.err.getvalue()


def test_a_kept_rehearsal_prints_json(checkout: Path) -> None:
    """The same variables, and what was done to get there."""
    done = _rehearsed(checkout, as_json=True)
    rehearse._hand_over(done.call, done.rehearsal, NOWHERE)
    document = json.loads(done.out.getvalue())
    assert document["variables"]["AWS_ENDPOINT_URL"] == NOWHERE.endpoint_url
    assert document["acts"] == [{"name": "deploy", "seconds": 12.34, "saw": "webserver healthy"}]


def test_a_kept_rehearsal_says_where_it_is_and_what_comes_next(checkout: Path) -> None:
    """Address, user, the command that prints the password, and how to go on; what was not checked stands last."""
    done = _rehearsed(checkout)
    done.rehearsal.steps.remarks.append("No DAG was run.")
    rehearse._hand_over(done.call, done.rehearsal, NOWHERE)
    said = dict(line.split(maxsplit=1) for line in done.err.getvalue().splitlines())
    assert said["airflow"] == NOWHERE.web_url
    assert said["user"] == "airflow"
    assert said["password"] == "windsock open env.yaml --password"
    assert said["next"] == "windsock push env.yaml, then windsock rehearse env.yaml --again"
    assert done.err.getvalue().endswith("No DAG was run.\n")


def test_again_needs_a_kept_rehearsal(windsock: Windsock, cache: Path) -> None:
    """Nothing is started for it."""
    ran = windsock("rehearse", "env.yaml", "--again")
    assert (ran.code, ran.out) == (1, "")
    assert "No rehearsal of demo is being kept." in ran.err
    assert "windsock rehearse env.yaml --keep" in ran.err
    assert not (cache / "environments").exists()


def test_a_clean_rehearsal_ends_with_one_sentence(checkout: Path) -> None:
    """In one sentence, and nothing on stdout."""
    done = _rehearsed(checkout)
    rehearse._conclude(done.call, done.rehearsal, ())
    assert (done.out.getvalue(), done.err.getvalue()) == ("", "Rehearsed demo in 12.3 s; nothing is left.\n")


def test_leftovers_are_a_failure(checkout: Path) -> None:
    """Everything that is left is named, and none of it is called a success."""
    done = _rehearsed(checkout)
    with pytest.raises(StepRefusal, match="left something behind") as refusal:
        rehearse._conclude(done.call, done.rehearsal, ("bucket code", "Port 4566 still answers"))
    assert refusal.value.why == "bucket code\nPort 4566 still answers"
    assert refusal.value.exit_code == 1
    assert done.err.getvalue() == ""


def test_the_json_names_leftovers(checkout: Path) -> None:
    """Also when it is a failure, so that a program need not parse sentences."""
    done = _rehearsed(checkout, as_json=True)
    with pytest.raises(StepRefusal):
        rehearse._conclude(done.call, done.rehearsal, ("bucket code",))
    document = json.loads(done.out.getvalue())
    assert (document["environment"], document["airflow"], document["seconds"]) == ("demo", "2.5.3", 12.34)
    assert document["left"] == ["bucket code"]


def test_a_program_reads_each_step_and_the_result_last(checkout: Path) -> None:
    """One JSON object a line: what begins, what is said of it, and what `--json` prints."""
    done = _rehearsed(checkout, events=True)
    with steps_of(done.call).step("login", "Logging in"):
        pass
    rehearse._conclude(done.call, done.rehearsal, ())
    begun, said, result = map(json.loads, done.out.getvalue().splitlines())
    assert (begun["event"], begun["name"], begun["detail"]) == ("phase", "login", "Logging in")
    assert said["event"] == "note"
    assert (result["event"], result["environment"], result["left"]) == ("result", "demo", [])
