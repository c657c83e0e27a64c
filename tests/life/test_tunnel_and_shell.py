"""A tunnel leads to the database and to the web server, and a shell runs commands in an environment."""

import json
import os
import pty
import re
import shlex
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from acceptance.sessions import directory_of
from cli.terminal.cache_dir import cache_root
from rehearsal.emulator.containers import image_store
from spec.reading.load import load
from tests.life.kept import ROOT, WINDSOCK, Kept, keep
from tests.life.tunnels import database_password, tunnel

pytestmark = pytest.mark.airflow

INSTANCE = "env.example.yaml"
CONTAINERS = ("examples/branch-postgres.yaml", "examples/branch-mysql.yaml")
DAG = "tutorial_taskflow_api"
CLIENTS = {
    "psql": """
import os, psycopg2, sys
connection = psycopg2.connect(sys.argv[1], password=os.environ["DATABASE_PASSWORD"])
""",
    "mysql": """
import argparse, os, pymysql
parser = argparse.ArgumentParser()
for option in ("--host", "--user"):
    parser.add_argument(option)
parser.add_argument("--port", type=int)
parser.add_argument("--password", action="store_const", const=os.environ["DATABASE_PASSWORD"])
parser.add_argument("database")
connection = pymysql.connect(**vars(parser.parse_args()))
""",
}
"""What takes the arguments of a client, for each client that `tunnel` names."""
ASK = """
cursor = connection.cursor()
cursor.execute("select dag_id, state from dag_run")
print(*(f"{dag}={state}" for dag, state in cursor.fetchall()))
"""


@pytest.fixture(
    scope="module", params=[INSTANCE, *(pytest.param(file, marks=pytest.mark.endurance) for file in CONTAINERS)]
)
def kept(request: pytest.FixtureRequest) -> Iterator[Kept]:
    """Keep an environment that has run a DAG; take it down at the end."""
    kept = keep(request.param, "--dag", DAG)
    yield kept
    done = kept.run("teardown", str(kept.environment), "--yes")
    assert done.returncode == 0, done.stderr


def _ask(kept: Kept, client: str, arguments: list[str], password: str) -> str:
    """Read Airflow's table of runs with a client of the engine, from the Python that stands for the image."""
    directory = directory_of(cache_root(os.environ), load(kept.environment).name, kept=True)
    images = [
        image_store.find(directory, reference) for reference in image_store.references(directory) if "@" in reference
    ]
    (image,) = filter(None, images)
    python = f"{image.environment}/bin/python"
    done = subprocess.run(
        [python, "-c", CLIENTS[client] + ASK, *arguments],
        env={"DATABASE_PASSWORD": password},
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout.strip()


def test_a_client_reads_airflows_tables(kept: Kept) -> None:
    """With the printed command and the password from where it is said to be, which is printed nowhere."""
    with tunnel(kept) as printed:
        client, *arguments = shlex.split(printed["connect"])
        password = database_password(kept, printed["password"])
        assert password not in str(printed)
        assert f"{DAG}=success" in _ask(kept, client, arguments, password)
        port = int(re.search(r"port[= ](\d+)", printed["connect"])[1])  # type: ignore[index]  # it must
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", port), timeout=5)


def test_the_password_is_shown_only_with_its_option(kept: Kept) -> None:
    """And only then."""
    with tunnel(kept, "--show-password") as printed:
        assert printed["it is"] == database_password(kept, printed["password"])


def test_the_web_server_is_reached_past_the_load_balancer(kept: Kept) -> None:
    """Its health page, on a port of this machine."""
    health = load(kept.environment).airflow.release.web.health_path
    with tunnel(kept, "web") as printed, urllib.request.urlopen(f"{printed['url']}{health}", timeout=30) as answer:
        assert json.load(answer)["metadatabase"]["status"] == "healthy"


def test_a_taken_port_is_refused(kept: Kept) -> None:
    """In one sentence, and nothing is opened."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = kept.run("tunnel", str(kept.environment), "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "cannot be had: Address already in use." in done.stderr
    assert done.stdout == ""


def _shell_tasks(kept: Kept) -> list[str]:
    ecs: Any = kept.client("ecs")
    (cluster,) = ecs.list_clusters()["clusterArns"]
    return list(ecs.list_tasks(cluster=cluster, startedBy="windsock-shell", desiredStatus="RUNNING")["taskArns"])


def test_a_command_runs_in_a_container_of_its_own(kept: Kept) -> None:
    """With Airflow and its database; the exit code is the command's, and the container is gone."""
    done = kept.run("shell", str(kept.environment), "--", "airflow", "dags", "list", "--output", "json")
    assert done.returncode == 0, done.stderr
    assert DAG in {dag["dag_id"] for dag in json.loads(done.stdout[done.stdout.index("[{") :])}
    assert kept.run("shell", str(kept.environment), "--", "sh", "-c", "exit 7").returncode == 7
    assert _shell_tasks(kept) == []


def test_a_shell_has_a_terminal(kept: Kept) -> None:
    """What is typed is run where Airflow is, until the shell is left."""
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [WINDSOCK, "shell", str(kept.environment)],
        cwd=ROOT,
        env={**os.environ, **kept.variables},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    ) as shell:
        os.close(theirs)
        os.write(ours, b"[ -t 0 ] && echo termin''al; airflow version; id -u; exit 5\n")
        said = _heard(ours)
        assert shell.wait(60) == 5, said
    os.close(ours)
    assert "terminal" in said
    assert load(kept.environment).airflow.version in said
    assert "50000" in said
    assert _shell_tasks(kept) == []


def test_an_interrupted_shell_leaves_no_container(kept: Kept) -> None:
    """Ctrl-C, or a cancelled job."""
    command = [WINDSOCK, "shell", str(kept.environment), "--", "sleep", "600"]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **kept.variables}, stderr=subprocess.PIPE) as shell:
        deadline = time.monotonic() + 60
        while not _runs("sleep 600") and time.monotonic() < deadline:
            time.sleep(0.2)
        shell.terminate()
        assert shell.wait(60) == 130
    while _runs("sleep 600") and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not _runs("sleep 600")
    assert _shell_tasks(kept) == []


def test_list_shows_the_environment(kept: Kept) -> None:
    """By its name, running, with a price."""
    env = load(kept.environment)
    (row,) = json.loads(kept.run("list", "--json").stdout)
    assert (row["name"], row["branch"], row["health"]) == (env.name, None, "running")
    assert (row["expires"] is None) is (env.ttl is None) is ("never" in kept.run("list").stdout)
    assert 0.1 < row["usd_per_day"] < 20


def _runs(command: str) -> bool:
    wanted = command.replace(" ", "\0").encode() + b"\0"
    for process in Path("/proc").iterdir():
        try:
            if process.name.isdigit() and (process / "cmdline").read_bytes() == wanted:
                return True
        except OSError:
            continue
    return False


def _heard(terminal: int) -> str:
    said = b""
    while True:
        try:
            said += os.read(terminal, 1000)
        except OSError:  # how Linux says that nobody holds the other end any more
            return said.decode(errors="replace")
