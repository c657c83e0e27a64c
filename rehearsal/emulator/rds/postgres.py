"""A database instance: a real PostgreSQL in its own processes, under a name like RDS gives, deleted with its data."""

import secrets
import shutil
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from rehearsal.emulator.containers import container, container_logs, root_filesystem
from rehearsal.emulator.containers.root_filesystem import Mount, ProcessSpec
from rehearsal.emulator.context import Context
from rehearsal.emulator.rds import backups
from rehearsal.emulator.rds.backups import Origin
from rehearsal.emulator.rds.postgres_tls_proxy import PostgresTlsProxy
from rehearsal.emulator.rds.programs import installed, libraries
from rehearsal.emulator.rds.quoting import quoted_name, quoted_text
from rehearsal.emulator.rules.connection_rules import ConnectionRules

ADMINISTRATOR = "rdsadmin"
"""The superuser of RDS; its password stays here."""
POSTGRES_USER = 50000
SOCKET_DIRECTORY = "/run/postgresql"
START_SECONDS = 30
STOP_SECONDS = 20
ERROR_LINES = 5
SPEED = ("fsync=off", "full_page_writes=off", "synchronous_commit=off", "shared_buffers=64MB")


@dataclass(frozen=True, kw_only=True)
class Login:
    """The master user of an instance, and the database made for it."""

    user: str
    password: str
    database: str
    port: int


class Postgres:
    """One running instance; with `origin` it begins with files of another, and a new password.

    It asks for its `rules` at each connection. With `place`, a host name and an address, it is no instance of
    RDS, but a server elsewhere.
    """

    def __init__(
        self,
        identifier: str,
        login: Login,
        context: Context,
        rules: Callable[[], ConnectionRules],
        *,
        origin: Origin | None = None,
        place: tuple[str, str] | None = None,
    ) -> None:
        self.identifier = identifier
        settings = context.settings
        self.endpoint, self._address = place or (
            f"{identifier}.c{settings.account[-8:]}wind.{settings.region}.rds.amazonaws.com",
            "",
        )
        self._context = context
        self._directory = settings.path / "rds" / identifier
        for part in (backups.DATA, backups.LOGS, "socket"):
            (self._directory / part).mkdir(parents=True)
        self._administrator_password = secrets.token_hex(24)
        if origin is None:
            self._initialise()
        else:
            self._take(origin)
        self._server = self._run("server", "postgres", *_server_arguments())
        if origin is None:
            self._create(login)
        else:
            self._give_password(login)
        self.earliest = datetime.now(UTC)
        self._stopped: datetime | None = None
        self._port, self._rules = login.port, rules
        self._proxy = self._listen()
        self._files, self._closed = threading.RLock(), threading.Event()
        backups.bound(identifier, self.renew_backups, self._closed)

    @property
    def latest(self) -> datetime:
        """The last moment that the backups reach: now, or when the server was stopped."""
        return self._stopped or datetime.now(UTC)

    def backups_until(self, moment: datetime, folder: Path) -> Origin:
        """Copy the backups to a folder, for an instance that begins as this one was at a moment."""
        with self._files:
            if self._stopped is None:
                self._psql(backups.FLUSH)
            return replace(backups.copy_backups(self._directory, folder), until=moment)

    def renew_backups(self) -> None:
        """Begin the backups anew where they have too many logs: they reach no earlier moment any more."""
        with self._files:
            if self._server.poll() is None and backups.are_many(self._directory):
                backups.begin_anew(self._directory, self._base_backup())
                self.earliest = datetime.now(UTC)

    def copy_to(self, folder: Path) -> None:
        """Copy the files as they are at one moment, while others write, or those of a stopped server."""
        folder.parent.mkdir(exist_ok=True)
        with self._files:
            if self._server.poll() is not None:
                backups.copy(self._directory / backups.DATA, folder)
            else:
                self._base_backup().rename(folder)

    def _base_backup(self) -> Path:
        """Return a folder with the files as they are at one moment, while others write."""
        written = self._directory / "copy"
        shutil.rmtree(written, ignore_errors=True)  # one that was not finished
        written.mkdir()
        variables = {"PGPASSWORD": self._administrator_password}
        where = ("-h", SOCKET_DIRECTORY, "-U", ADMINISTRATOR, "-D", "/instance/copy", "--no-sync", "--checkpoint=fast")
        if self._run("backup", "pg_basebackup", *where, "--wal-method=stream", variables=variables).wait():
            raise RuntimeError(f"pg_basebackup failed: {container_logs.tail(self._log('backup'), ERROR_LINES)}")
        return written

    def close(self) -> None:
        """Stop the server, whoever is connected, and delete its data."""
        self._withdraw()
        self._context.hosts_file.put(f"database {self.identifier}", ())
        self._closed.set()
        with self._files:
            self._end()
            shutil.rmtree(self._directory)

    def fail_over(self) -> None:
        """Let the standby take over with all that was committed, at another address.

        Who is connected to the former address hears nothing more, not even that the connection has ended.
        """
        self._withdraw()
        self._address = ""
        self.stop()
        self.start()
        self._proxy = self._listen()

    def start(self) -> None:
        """Start a server that was stopped; its data are as they were."""
        self._server = self._run("server", "postgres", *_server_arguments())
        self._await_start()
        self._stopped = None

    def stop(self) -> None:
        """Stop the server, whoever is connected, and keep its data; do nothing when it is stopped."""
        with self._files:
            if self._server.poll() is None:
                self._stopped = datetime.now(UTC)
                self._psql(backups.FLUSH)
                self._end()

    def _end(self) -> None:
        """End the server, whoever is connected, if it runs."""
        if self._server.poll() is not None:
            return
        pids = Path(f"/proc/{self._server.pid}/task/{self._server.pid}/children").read_text("ascii").split()
        for pid in pids:
            subprocess.run(["kill", f"-{signal.SIGINT.value}", pid], check=False)
        try:
            self._server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    def _listen(self) -> PostgresTlsProxy:
        """Answer from now on, under the name of the endpoint."""
        owner = f"database {self.identifier}"
        self._address = self._context.network.add_address(owner, self._address)
        tls = self._context.certificates.server_context(self.endpoint)
        socket_file = self._directory / "socket" / ".s.PGSQL.5432"
        proxy = PostgresTlsProxy((self._address, self._port), socket_file, tls, self._rules)
        self._context.hosts_file.put(owner, [(self._address, self.endpoint)])
        return proxy

    def _withdraw(self) -> None:
        """Answer nobody any more at this address."""
        self._proxy.close()
        self._context.network.remove_address(self._address)

    def _initialise(self) -> None:
        secret = self._directory / "administrator"
        secret.touch(mode=0o600)
        secret.write_text(self._administrator_password, encoding="ascii")
        options = ["--auth=scram-sha-256", "--pwfile=/instance/administrator", "--encoding=UTF8", "--locale=C.UTF-8"]
        made = self._run("initdb", "initdb", "-D", "/instance/data", "-U", ADMINISTRATOR, "--no-sync", *options)
        if made.wait():
            raise RuntimeError(f"initdb failed: {container_logs.tail(self._log('initdb'), ERROR_LINES)}")
        secret.unlink()
        self._let_in("scram-sha-256")
        backups.keep_first(self._directory)

    def _let_in(self, method: str) -> None:
        lines = (f"local {databases} all {method}\n" for databases in ("all", "replication"))
        (self._directory / "data" / "pg_hba.conf").write_text("".join(lines), encoding="ascii")

    def _take(self, origin: Origin) -> None:
        """Begin with the files of another instance, whose administrator had another password."""
        backups.put(origin, self._directory)
        (self._directory / "data").chmod(0o700)  # PostgreSQL starts with no other
        self._let_in("trust")

    def _give_password(self, login: Login) -> None:
        """Give master user and administrator their passwords; the data are as they were."""
        roles = ((quoted_name(login.user), login.password), (ADMINISTRATOR, self._administrator_password))
        statements = [f"ALTER ROLE {role} PASSWORD {quoted_text(password)};" for role, password in roles]
        self._await_start()
        self._psql("\n".join(statements))
        self._let_in("scram-sha-256")
        self._psql("SELECT pg_reload_conf();")

    def _create(self, login: Login) -> None:
        """Make the master user and its database; as on RDS it is no superuser."""
        user, database = quoted_name(login.user), quoted_name(login.database)
        statements = [f"CREATE ROLE {user} LOGIN CREATEDB CREATEROLE PASSWORD {quoted_text(login.password)};"]
        if login.database != "postgres":
            statements.append(f"CREATE DATABASE {database} OWNER {user};")
        self._await_start()
        self._psql("\n".join(statements))

    def _await_start(self) -> None:
        """Wait until the server takes connections: a copy first replays what was written meanwhile."""
        deadline = time.monotonic() + START_SECONDS
        while not (self._directory / "socket" / ".s.PGSQL.5432").exists():
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"Postgres did not start: {container_logs.tail(self._log('server'), ERROR_LINES)}")
            time.sleep(0.02)
        while self._run("ready", "pg_isready", "-q", "-h", SOCKET_DIRECTORY).wait():
            if time.monotonic() > deadline:
                raise RuntimeError(f"Postgres did not start: {container_logs.tail(self._log('server'), ERROR_LINES)}")
            time.sleep(0.05)

    def _psql(self, statements: str) -> None:
        variables = {"PGPASSWORD": self._administrator_password, "PGCONNECT_TIMEOUT": "10"}
        script = self._directory / "statements.sql"
        script.touch(mode=0o600)
        script.write_text(statements, encoding="utf-8")
        where = ["-h", SOCKET_DIRECTORY, "-U", ADMINISTRATOR, "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-q"]
        done = self._run("psql", "psql", *where, "-f", "/instance/statements.sql", variables=variables)
        failed = done.wait()
        script.unlink()
        if failed:
            raise RuntimeError(f"psql failed: {container_logs.tail(self._log('psql'), ERROR_LINES)}")

    def _run(
        self, purpose: str, program: str, *arguments: str, variables: dict[str, str] | None = None
    ) -> subprocess.Popen[str]:
        """Start one of PostgreSQL's programs, which refuse to be root, with the instance as /instance."""
        base = self._context.settings.path
        installation = installed()
        own = (
            Mount(str(installation), str(installation), read_only=True),
            Mount(str(libraries(installation)), str(libraries(installation)), read_only=True),
            Mount(str(self._directory), "/instance"),
            Mount(str(self._directory / "socket"), SOCKET_DIRECTORY),
        )
        process = ProcessSpec(
            root=str(base / "root"),
            mounts=root_filesystem.in_order((*root_filesystem.machine_mounts(str(base / "etc")), *own)),
            command=(f"{installation}/bin/{program}", *arguments),
            user=POSTGRES_USER,
            group=POSTGRES_USER,
            host_name="database",
            links=root_filesystem.machine_links(),
        )
        environment = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **(variables or {})}
        spec = container.ContainerSpec(
            task=self.identifier,
            name=purpose,
            process=process,
            variables=environment,
            definition={},
            address="",
            log_file=self._log(purpose),
        )
        return container.start(container.by_clock_of_schedules(spec))

    def _log(self, purpose: str) -> Path:
        return self._context.settings.path / "logs" / f"{self.identifier}-{purpose}.log"


def _server_arguments() -> tuple[str, ...]:
    where = ("listen_addresses=", f"unix_socket_directories={SOCKET_DIRECTORY}", "max_connections=200")
    options = (*where, *SPEED, *backups.SETTINGS)
    return ("-D", "/instance/data", *(word for option in options for word in ("-c", option)))
