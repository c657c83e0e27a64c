"""The database engines: address, health check and, for a container of its own, how the server starts.

Sources: "Set up a Database Backend" (airflow.apache.org), the pages of the official images postgres and mysql, and the
manuals of both servers.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal, NamedTuple

EngineName = Literal["postgres", "mysql"]
Credential = Literal["username", "password"]

NOTICES_SILENCE = ("connect_timeout=10", "keepalives_idle=30", "keepalives_interval=10", "tcp_user_timeout=30000")
"""Options of libpq, in seconds and, the last, in milliseconds: when it gives up a server that does not answer. Without
them it waits a quarter of an hour for the one whose standby has taken over, since no packet says that it is gone.
Source: https://www.postgresql.org/docs/16/libpq-connect.html#LIBPQ-PARAMKEYWORDS"""

MOST_CONNECTIONS = 200
"""Connections that a server in a container takes."""


class Engine(NamedTuple):
    """One engine.

    `url` is the format of its SQLAlchemy address for printf: user, password, host, port and database. `url_options` are
    the parts of its query. `driver` is the Python module that talks to it, `driver_options` are further parts that this
    driver alone understands, and `async_url` is the address for the driver that talks to it asynchronously. The rest
    describes its container: `image` without a tag, `data` the directory with all state. `name_variable` takes the name
    of the database, `secrets` maps variables to a part of the credentials. `volatile` are arguments that trade safety
    for speed, `probe` exits 0 when the server takes connections, and `x86_only` are versions without an image for ARM.
    `one_scheduler` are versions that cannot skip rows that another scheduler has locked. `locks_files` says that the
    server refuses files that another server has open, on a network file system too, `certifies_itself` that a new
    server makes its own key and certificate.
    """

    title: str
    port: int
    url: str
    driver: str
    async_url: str
    image: str
    data: str
    name_variable: str
    variables: Mapping[str, str]
    secrets: Mapping[str, Credential]
    arguments: tuple[str, ...]
    volatile: tuple[str, ...]
    probe: str
    locks_files: bool
    certifies_itself: bool
    url_options: tuple[str, ...] = ()
    driver_options: tuple[str, ...] = ()
    x86_only: frozenset[str] = frozenset()
    one_scheduler: frozenset[str] = frozenset()

    def reference(self, version: str) -> str:
        """Return the official image of a version, from a registry without login."""
        return f"{self.registry}/docker/library/{self.image}:{version}"

    @property
    def registry(self) -> str:
        """The host of that registry."""
        return "public.ecr.aws"


def _options(*options: str) -> tuple[str, ...]:
    return tuple(word for option in options for word in ("-c", option))


_POSTGRES = Engine(
    title="PostgreSQL",
    port=5432,
    url="postgresql+psycopg2://%s:%s@%s:%s/%s",
    driver="psycopg2",
    driver_options=NOTICES_SILENCE,
    async_url="postgresql+asyncpg://%s:%s@%s:%s/%s",
    image="postgres",
    data="/var/lib/postgresql/database",  # the volume that the image declares differs between versions
    name_variable="POSTGRES_DB",
    # A directory of its own: initdb needs an empty one, and sets its mode.
    variables={"PGDATA": "/var/lib/postgresql/database/pgdata"},
    secrets={"POSTGRES_USER": "username", "POSTGRES_PASSWORD": "password"},
    arguments=("postgres", *_options(f"max_connections={MOST_CONNECTIONS}", "shared_buffers=64MB", "timezone=UTC")),
    volatile=_options("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    # By address: the server that prepares a new database listens on its socket only, and is not ready yet.
    probe="pg_isready --quiet --host=127.0.0.1 --username=airflow --dbname=airflow",
    locks_files=False,  # it knows only the processes of its own machine
    certifies_itself=False,
)

_MYSQL = Engine(
    title="MySQL",
    port=3306,
    url="mysql+pymysql://%s:%s@%s:%s/%s",
    url_options=("charset=utf8mb4",),
    driver="pymysql",
    async_url="mysql+aiomysql://%s:%s@%s:%s/%s",
    image="mysql",
    data="/var/lib/mysql",
    name_variable="MYSQL_DATABASE",
    # The image would print a random root password to the log.
    variables={"MYSQL_ROOT_HOST": "localhost"},
    secrets={"MYSQL_USER": "username", "MYSQL_PASSWORD": "password", "MYSQL_ROOT_PASSWORD": "password"},
    arguments=(
        "mysqld",
        "--datadir=/var/lib/mysql/data",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        "--explicit-defaults-for-timestamp=ON",
        "--default-time-zone=+00:00",
        f"--max-connections={MOST_CONNECTIONS}",
        "--innodb-buffer-pool-size=96M",
        "--innodb-use-native-aio=OFF",  # fails on network file systems and with the limits of Fargate
        "--innodb-flush-method=fsync",
        "--performance-schema=OFF",  # a quarter of a GiB for figures that nobody reads here
        "--skip-log-bin",  # there is no replica
        "--loose-mysqlx=OFF",
    ),
    volatile=("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF"),
    # By address, as above; even the answer that the user is unknown shows a running server.
    probe="mysqladmin ping --silent --host=127.0.0.1 --protocol=tcp --connect-timeout=5",
    locks_files=True,  # InnoDB locks its first data file, and tries for a hundred seconds
    certifies_itself=True,  # auto_generate_certs, among its data
    x86_only=frozenset({"5.7"}),
    one_scheduler=frozenset({"5.7"}),
)

ENGINES: Mapping[EngineName, Engine] = MappingProxyType({"postgres": _POSTGRES, "mysql": _MYSQL})
"""The engines by name."""
