"""The command answers help at once, explains every failure, and has one exit code per kind of failure."""

import os
import shlex
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli.command_line.all_verbs import GROUPS, VERBS
from cli.terminal.version import VERSION
from tests.cli.shell import Windsock

ROOT = Path(__file__).parents[2]
MAIN = "import sys; from windsock.command import main; sys.exit(main())"
COMMAND = [sys.executable, "-c", MAIN]
TIMEOUT_SECONDS = 60
HEAVY = {"argparse", "click", "pydantic", "yaml", "troposphere", "boto3", "botocore", "rich", "jinja2", "cfnlint"}


def imported(*arguments: str) -> set[str]:
    """Return the top-level modules that a call imports."""
    command = [sys.executable, "-X", "importtime", *COMMAND[1:], *arguments]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        timeout=TIMEOUT_SECONDS,
    )
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}


def test_help_imports_nothing_heavy(checkout: Path) -> None:
    """`windsock --help` pays for none of the libraries that the verbs need."""
    assert checkout.is_dir()
    assert imported("--help").isdisjoint(HEAVY)


def test_unchanged_compile_imports_no_compiler(checkout: Path, windsock: Windsock) -> None:
    """Compiling what has not changed pays for neither models, compiler nor lint."""
    assert windsock("compile", "env.yaml", "--no-lint").code == 0
    assert checkout.is_dir()
    assert imported("compile", "env.yaml", "--no-lint").isdisjoint(HEAVY - {"argparse"})


def test_a_first_compile_without_lint_imports_no_linter(checkout: Path) -> None:
    """It pays for models and compiler, and for nothing that only lint, a deploy or a page needs."""
    assert checkout.is_dir()
    found = imported("compile", "env.yaml", "--no-lint")
    assert found >= {"pydantic", "troposphere", "yaml"}
    assert found.isdisjoint(HEAVY - {"argparse", "pydantic", "troposphere", "yaml"})


def test_help_names_every_verb(windsock: Windsock) -> None:
    """Called without anything, or with --help, it lists the verbs and the exit codes on stdout."""
    ran = windsock("--help")
    assert ran == windsock()
    assert ran.code == 0
    assert ran.err == ""
    assert all(f"  {name} " in ran.out for name in VERBS)
    assert all(f"\n{title}:\n" in ran.out for title in GROUPS)
    assert max(len(line) for line in ran.out.splitlines()) <= 80
    assert "130 interrupted" in ran.out


def test_the_version_is_that_of_the_project(windsock: Windsock) -> None:
    """The version is the one of the project."""
    assert windsock("--version").out == f"windsock {VERSION}\n"
    assert f'version = "{VERSION}"' in (ROOT / "pyproject.toml").read_text()


def test_an_interrupt_ends_with_one_sentence_and_130(checkout: Path) -> None:
    """Ctrl-C ends with one sentence and 130."""
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{deaf.getsockname()[1]}",
            "AWS_ACCESS_KEY_ID": "123456789012",
            "AWS_SECRET_ACCESS_KEY": "none",
        }
        with subprocess.Popen(
            [*COMMAND, "status", "env.yaml"],
            cwd=checkout,
            env=env,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                deaf.settimeout(TIMEOUT_SECONDS)
                connection, _ = deaf.accept()
                with connection:
                    process.send_signal(signal.SIGINT)
                    _, err = process.communicate(timeout=TIMEOUT_SECONDS)
            finally:
                process.kill()  # leaving the context waits without a limit
    assert process.returncode == 130
    assert err.strip().startswith("Interrupted.")
    assert "Traceback" not in err


@pytest.mark.parametrize("arguments", [["--help"], ["schema"], ["versions"]])
def test_a_reader_that_goes_away_ends_the_output_quietly(checkout: Path, arguments: list[str]) -> None:
    """A reader that closes the pipe ends the output quietly."""
    reading, writing = os.pipe()
    os.close(reading)
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [*COMMAND, *arguments],
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        cwd=checkout,
        check=False,
        timeout=TIMEOUT_SECONDS,
    )
    os.close(writing)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_closed_stdout_is_no_failure(checkout: Path) -> None:
    """A process started without stdout still ends well."""
    command = f"exec {shlex.join(COMMAND)} versions >&-"
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        ["bash", "-c", command],
        stderr=subprocess.PIPE,
        text=True,
        env=env,
        cwd=checkout,
        check=False,
        timeout=TIMEOUT_SECONDS,
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_full_disk_is_a_failure_with_a_sentence(checkout: Path) -> None:
    """Output that cannot be written is a failure with a sentence."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(
            [*COMMAND, "schema"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
            cwd=checkout,
            check=False,
            timeout=TIMEOUT_SECONDS,
        )
    assert done.returncode == 1
    assert done.stderr == "The output: No space left on device.\n"
