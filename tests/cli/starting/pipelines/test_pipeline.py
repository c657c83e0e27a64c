"""What CI runs for a project: pinned, without a secret for a fork, and its steps run here as far as they can."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.starting.new_project import NewProject, write_project
from cli.starting.pipelines.pipeline import HOSTS, NONE, pipeline
from cli.terminal.version import VERSION
from tests.cli.differences.repository import commit

WINDSOCK = f"{shlex.quote(sys.executable)} -c 'import sys, cli.main; sys.exit(cli.main.main(sys.argv[1:]))'"
PINNED = re.compile(r"[\w-]+(?:/[\w-]+){1,2}@[0-9a-f]{40}")


def _github() -> dict[str, Any]:
    (text,) = pipeline("github").values()
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _steps(job: str) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = _github()["jobs"][job]["steps"]
    return steps


@pytest.mark.parametrize("host", HOSTS)
def test_every_host_has_a_file_of_its_own(host: str) -> None:
    """With this version of Windsock; none has none."""
    ((name, text),) = pipeline(host).items()
    assert name == HOSTS[host]
    assert f"windsock=={VERSION}".encode() in text
    assert b"@VERSION@" not in text
    assert yaml.safe_load(text)
    assert pipeline(NONE) == {}


def test_every_action_is_pinned_by_its_commit() -> None:
    """A tag can be moved."""
    used = [step["uses"] for job in _github()["jobs"].values() for step in job["steps"] if "uses" in step]
    assert used
    assert [action for action in used if not PINNED.fullmatch(action)] == []


def test_the_image_of_gitlab_is_pinned_by_its_digest() -> None:
    """A tag can be moved there too."""
    document = yaml.safe_load(pipeline("gitlab")[HOSTS["gitlab"]])
    assert re.fullmatch(r"python:\d+\.\d+\.\d+-bookworm@sha256:[0-9a-f]{64}", document["default"]["image"])
    assert [job for job in document.values() if job is not document["default"] and "image" in job] == []


def test_a_pull_request_gets_no_credentials() -> None:
    """Only what is merged has a token for AWS; a fork does not even comment."""
    jobs = _github()["jobs"]
    assert "id-token" not in jobs["review"]["permissions"]
    assert jobs["deploy"]["permissions"] == {"contents": "read", "id-token": "write"}
    assert jobs["deploy"]["if"].startswith("github.event_name == 'push'")
    assert "pull_request_target" not in (pipeline("github")[HOSTS["github"]]).decode()
    comment = next(step for step in jobs["review"]["steps"] if step.get("name") == "Comment")
    assert comment["if"] == "github.event.pull_request.head.repo.full_name == github.repository"
    upload = next(step for step in jobs["review"]["steps"] if "upload-sarif" in step.get("uses", ""))
    assert upload["if"] == f"always() && {comment['if']}"


def test_no_text_of_a_pull_request_is_part_of_a_command() -> None:
    """An expression in a command would run what somebody named their branch."""
    commands = [step["run"] for job in _github()["jobs"].values() for step in job["steps"] if "run" in step]
    assert [command for command in commands if "${{" in command] == []


def _stub(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.write_text(f"#!/bin/bash\n{text}\n")
    path.chmod(0o755)


def test_the_steps_of_a_review_run_here(tmp_path: Path) -> None:
    """Only what belongs to GitHub's machine is a stand-in: its installer, its root, its command, and the rehearsal."""
    origin, project, tools = tmp_path / "origin", tmp_path / "project", tmp_path / "tools"
    write_project(origin, NewProject(host="github"))
    _run(origin, f"{WINDSOCK} compile --no-lint", {})
    commit(origin)
    subprocess.run(["git", "clone", "--quiet", str(origin), str(project)], check=True)
    path = project / "env.yaml"
    path.write_text(path.read_text().replace("instance: db.t4g.micro", "instance: db.t4g.small"))
    tools.mkdir()
    real = f'exec {WINDSOCK} "$@"'
    _stub(tools, "windsock", f'[[ $1 == rehearse ]] && exit 0\n[[ $1 == compile ]] && set -- "$@" --no-lint\n{real}')
    for name in ("pipx", "sudo"):
        _stub(tools, name, "exit 0")
    _stub(tools, "gh", 'cat "${@: -1}" > "$HOME/comment"')
    _run(project, "windsock compile", {}, tools)
    summary = tmp_path / "summary"
    settings = {
        "GITHUB_BASE_REF": "main",
        "GITHUB_STEP_SUMMARY": str(summary),
        "PULL_REQUEST": "1",
        "HOME": str(tmp_path),
    }
    for step in _steps("review"):
        if "run" in step:
            _run(project, step["run"], {**settings, "HOME": str(tmp_path)}, tools)
    assert "What changes, compared with origin/main" in (project / "report.html").read_text()
    assert summary.read_text() == (tmp_path / "comment").read_text()
    assert "### my-airflow, compared with origin/main" in summary.read_text()
    assert "DBInstanceClass: db.t4g.micro -> db.t4g.small" in summary.read_text()


def _run(folder: Path, command: str, settings: dict[str, str], tools: Path | None = None) -> None:
    way = f"{tools}:{os.environ['PATH']}" if tools else os.environ["PATH"]
    own = {"PATH": way, "PYTHONPATH": str(Path(__file__).parents[4]), "WINDSOCK_CACHE": str(folder / ".cache")}
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", command],
        cwd=folder,
        env={**os.environ, **own, **settings},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
