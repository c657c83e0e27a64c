"""Starts an Airflow by hand, as its documentation says: a PostgreSQL, then the commands of the release in turn."""

import json
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from acceptance.emulated_aws import build_virtualenvs
from cli.terminal.cache_dir import cache_root
from deployer.release.runtime_layer import write_runtime
from rehearsal.images.emulator_image import emulator_environment
from spec.environment import Environment

POSTGRES_PORT = 54329
PASSWORD = "by-hand-by-hand"  # noqa: S105  # a database that lives for seconds, on loopback
FERNET_KEY = "dGVzdHRlc3R0ZXN0dGVzdHRlc3R0ZXN0dGVzdHRlc3Q="
SECRET = "by-hand" * 10
PATIENCE = 180


@contextmanager
def start_by_hand(env: Environment, folder: Path) -> Iterator[None]:
    """Start all processes, yield when web server and scheduler are healthy, then stop all."""
    cache = cache_root(os.environ) / "environments"
    airflow = build_virtualenvs(env, Path.cwd(), cache).airflow.virtualenv / "bin"
    started: list[subprocess.Popen[bytes]] = []
    log = (folder / "log").open("wb")
    try:
        started.append(_postgres(emulator_environment(cache), folder, log.fileno()))
        variables = _variables(env, airflow, folder)
        _initialise(env, variables, log.fileno())
        started += [
            subprocess.Popen(
                ["sh", "-c", f"exec {process.command}"],
                env={**variables, **process.environment},
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
            for process in env.processes
        ]
        _await_health(f"http://localhost:8080{env.airflow.release.web.health_path}")
        yield
    finally:
        for process in reversed(started):
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        log.close()


def _postgres(environment: Path, folder: Path, log: int) -> "subprocess.Popen[bytes]":
    binaries = next(environment.glob("lib/python*/site-packages/pgserver/pginstall/bin"))
    data = folder / "data"
    data.mkdir()
    secret = folder / "password"
    secret.write_text(PASSWORD)
    options = ["--username=airflow", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync", "-D", str(data)]
    subprocess.run([str(binaries / "initdb"), *options], check=True, stdout=log, stderr=log)
    server = subprocess.Popen(
        [
            str(binaries / "postgres"),
            *("-c", "listen_addresses=localhost", "-c", "fsync=off"),
            *("-p", str(POSTGRES_PORT), "-D", str(data), "-k", str(folder)),
        ],
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    create = [str(binaries / "psql"), "-h", "localhost", "-p", str(POSTGRES_PORT), "-U", "airflow", "-d", "postgres"]
    for _ in range(PATIENCE):
        made = subprocess.run(
            [*create, "-c", "create database airflow"],
            env={"PGPASSWORD": PASSWORD},
            check=False,
            capture_output=True,
        )
        if made.returncode == 0:
            return server
        time.sleep(0.1)
    raise SystemExit(f"PostgreSQL did not start: {made.stderr.decode()}")


def _variables(env: Environment, airflow: Path, folder: Path) -> Mapping[str, str]:
    home = folder / "airflow"
    home.mkdir()
    for part in Path(env.airflow.home).absolute().iterdir():
        (home / part.name).symlink_to(part)
    options = {
        f"AIRFLOW__{section}__{key}".upper(): str(value).replace("/opt/airflow", str(home))
        for section, keys in env.airflow.release.config.items()
        for key, value in keys.items()
    }
    return {
        **options,
        **dict.fromkeys(env.airflow.release.secret_keys, SECRET),
        "PATH": f"{airflow}:/usr/local/bin:/usr/bin:/bin",
        "HOME": str(folder),
        "AIRFLOW_HOME": str(home),
        "AIRFLOW__CORE__FERNET_KEY": FERNET_KEY,
        "AIRFLOW__DATABASE__SQL_ALCHEMY_CONN": f"postgresql+psycopg2://airflow:{PASSWORD}@localhost:{POSTGRES_PORT}/airflow",
        "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": str(write_runtime(folder / "windsock").parent),
    }


def _initialise(env: Environment, variables: Mapping[str, str], log: int) -> None:
    admin = env.auth.first_user
    subprocess.run(env.airflow.release.initialise_database.split(), check=True, env=variables, stdout=log, stderr=log)
    create = ["airflow", "users", "create", "--role", "Admin", "--username", admin.username, "--email", admin.email]
    create += ["--firstname", admin.first_name, "--lastname", admin.last_name, "--password", PASSWORD]
    subprocess.run(create, check=True, env=variables, stdout=log, stderr=log)


def _await_health(url: str) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if json.load(answer)["scheduler"]["status"] == "healthy":
                    return
        except (OSError, ValueError):
            pass  # not up yet
        time.sleep(0.2)
    raise SystemExit(f"{url} did not say that the scheduler is healthy within {PATIENCE} s")
