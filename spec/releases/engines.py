"""The database engines: how each is reached, asked for its health and, in a container of its own, started.

Sources: "Set up a Database Backend" (airflow.apache.org), the pages of the official images postgres and mysql, and the
manuals of both servers.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

EngineName = Literal["postgres", "mysql"]
Credential = Literal["username", "password"]


@dataclass(frozen=True)
class Engine:
    """One engine.

    `url` is what printf makes the SQLAlchemy address of, from user, password, host, port and database; `driver` the
    Python module that talks to it. The rest is of its container: `image` without a tag, `data` the directory that
    holds all state and, below it, what `arguments` and `variables` say; `name_variable` takes the database's name,
    `secrets` maps variables to a part of the credentials. `volatile` are the arguments that trade safety for speed,
    `probe` exits 0 when the server takes connections, `x86_only` are versions without an image for ARM.
    """

    title: str
    port: int
    url: str
    driver: str
    image: str
    data: str
    name_variable: str
    variables: Mapping[str, str]
    secrets: Mapping[str, Credential]
    arguments: tuple[str, ...]
    volatile: tuple[str, ...]
    probe: str
    x86_only: frozenset[str] = frozenset()

    def reference(self, version: str) -> str:
        """Return the official image of a version, from a registry that asks for no login."""
        return f"public.ecr.aws/docker/library/{self.image}:{version}"


def _options(*options: str) -> tuple[str, ...]:
    return tuple(word for option in options for word in ("-c", option))


_POSTGRES = Engine(
    title="PostgreSQL",
    port=5432,
    url="postgresql+psycopg2://%s:%s@%s:%s/%s",
    driver="psycopg2",
    image="postgres",
    data="/var/lib/postgresql/database",  # not where the image declares a volume: that differs between versions
    name_variable="POSTGRES_DB",
    # A directory of its own: initdb takes none that holds anything, and sets the mode of the one that it takes.
    variables={"PGDATA": "/var/lib/postgresql/database/pgdata"},
    secrets={"POSTGRES_USER": "username", "POSTGRES_PASSWORD": "password"},
    arguments=("postgres", *_options("max_connections=200", "shared_buffers=64MB", "timezone=UTC")),
    volatile=_options("fsync=off", "synchronous_commit=off", "full_page_writes=off"),
    # By address: the server that prepares a new database listens on its socket only and is not ready yet.
    probe="pg_isready --quiet --host=127.0.0.1 --username=airflow --dbname=airflow",
)

_MYSQL = Engine(
    title="MySQL",
    port=3306,
    url='"mysql+pymysql://%s:%s@%s:%s/%s?charset=utf8mb4"',
    driver="pymysql",
    image="mysql",
    data="/var/lib/mysql",
    name_variable="MYSQL_DATABASE",
    # A random root password would be printed to the log.
    variables={"MYSQL_ROOT_HOST": "localhost"},
    secrets={"MYSQL_USER": "username", "MYSQL_PASSWORD": "password", "MYSQL_ROOT_PASSWORD": "password"},
    arguments=(
        "mysqld",
        "--datadir=/var/lib/mysql/data",
        "--character-set-server=utf8mb4",
        "--collation-server=utf8mb4_unicode_ci",
        "--explicit-defaults-for-timestamp=ON",
        "--default-time-zone=+00:00",
        "--max-connections=200",
        "--innodb-buffer-pool-size=96M",
        "--innodb-use-native-aio=OFF",  # network file systems and Fargate's limits do not go with it
        "--innodb-flush-method=fsync",
        "--performance-schema=OFF",  # a quarter of a GiB that nobody here looks at
        "--skip-log-bin",  # nothing replicates from it
        "--loose-mysqlx=OFF",
    ),
    volatile=("--innodb-flush-log-at-trx-commit=0", "--innodb-doublewrite=OFF"),
    # By address, as above; the answer that the user is unknown is an answer too.
    probe="mysqladmin ping --silent --host=127.0.0.1 --protocol=tcp --connect-timeout=5",
    x86_only=frozenset({"5.7"}),
)

ENGINES: Mapping[EngineName, Engine] = MappingProxyType({"postgres": _POSTGRES, "mysql": _MYSQL})
"""The engines by name."""
