"""Every Airflow release that Windsock runs, and all that differs between them.

Another release is one file in `known/` or in the `releases/` of a project, and one lock; `windsock versions add` writes
both. What releases have in common stands here, by the first release that has it. Nothing else compares versions.
Sources: release notes and configuration reference of each release (airflow.apache.org), and its own source code.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from spec.errors import Fault, SpecRefusal
from spec.releases.airflow_options import Config, merge
from spec.releases.configurations import CONFIG_2, CONFIG_3, CONFIG_3_WITHOUT_JSON, DEVELOPMENT_2, DEVELOPMENT_3
from spec.releases.ecs_executors import (
    CLOUDWATCH_WITHOUT_DEFAULTS,
    ECS_WITH_API_TIMEOUT,
    ECS_WITH_HEARTBEATS,
    ECS_WITH_TOKENS,
    ECS_WITHOUT_ADOPTION,
    ECS_WITHOUT_POOL,
    EcsExecutor,
)
from spec.releases.engines import EngineName
from spec.releases.entry import Entry, age, is_final, read_entries
from spec.releases.processes import (
    DAG_PROCESSOR,
    GUNICORN,
    OPTIONAL_TRIGGERER,
    SCHEDULER,
    TRIGGERER,
    Process,
    web_server,
)
from spec.releases.web_server import WEB_2, WEB_2_5, WEB_3, Web

KNOWN = Path(__file__).with_name("known")
"""The folder of the releases that come with Windsock."""

LOCKS = Path("docker", "constraints")
"""Where the pins of releases lie, in Windsock as in a project."""

PROJECT_FOLDER = "releases"
"""The folder beside an environment YAML that holds the releases of a project."""

IgnoreSyntax = Literal["regexp", "glob"]
"""How the patterns in a `.airflowignore` are meant."""


@dataclass(frozen=True, kw_only=True)
class Release:
    """One supported Airflow release.

    `config` holds the options that Windsock sets, as in `airflow.cfg` (section, key, value); `development` those
    with which Airflow sees a changed DAG file at once, at the cost of looking all the time. `secret_keys` maps
    environment variables to the secret that fills them. `execution_api` says that tasks talk to the web server at
    `/execution/` and to no database. `ecs` is None where no executor runs tasks as ECS tasks; `cloudwatch` holds the
    options that task logs in CloudWatch need. `databases` are the engine versions that the release was tested with,
    without MySQL's innovation releases, whose tags move to new versions. `needs_packages` are Python packages that
    Airflow insists on for an engine, whatever its driver; the official image has them, and no lock does.
    `pythons` are those with a lock, oldest first, `lock_folders` has the folder of each, and `rehearsed` are those that
    a rehearsal has run. `folder` holds the list of its options. `ignore_syntax` is the default of
    `[core] dag_ignore_file_syntax`. `dag_bundles` says that runs keep the version of a DAG bundle that they began with.
    `migrates_from` is the oldest release whose database it migrates; both ways, as a downgrade is its work too.
    """

    version: str
    pythons: tuple[str, ...] = ()
    rehearsed: frozenset[str] = frozenset()
    lock_folders: Mapping[str, Path] = field(default_factory=dict)
    folder: Path = KNOWN
    databases: Mapping[EngineName, tuple[str, ...]] = field(default_factory=dict)
    end_of_life: str | None
    processes: Mapping[str, Process]
    initialise_database: str
    migrate_database: str
    web: Web
    config: Config
    development: Config
    secret_keys: Mapping[str, Literal["webserver", "jwt"]]
    needs_packages: Mapping[EngineName, tuple[str, ...]] = field(default_factory=dict)
    ecs: EcsExecutor | None = None
    cloudwatch: Config = field(default_factory=dict)
    execution_api: bool = False
    ignore_syntax: IgnoreSyntax = "regexp"
    dag_bundles: bool = False
    migrates_from: str = "2.0.0"

    @property
    def supported(self) -> bool:
        """Whether the Airflow project still publishes fixes for this release's major version."""
        return self.end_of_life is None

    @property
    def python(self) -> str:
        """The newest Python that a rehearsal has run; without one, the newest that has a lock."""
        return next((one for one in reversed(self.pythons) if one in self.rehearsed), self.pythons[-1])

    def lock(self, python: str) -> str:
        """Return the file name, below `docker/constraints/`, of the pins that ran with this release and Python."""
        return f"airflow-{self.version}-python{python}.txt"

    def lock_file(self, python: str) -> Path:
        """Return these pins where the release came from: Windsock, or the project that added it."""
        return self.lock_folders[python] / self.lock(python)

    def migrates(self, version: str) -> bool:
        """Return whether it brings a database of this older release to its own schema in one go."""
        return _numbers(version) >= _numbers(self.migrates_from)

    def base_image(self, python: str) -> str:
        """Return the official image that `docker/Dockerfile` starts from."""
        return f"apache/airflow:{self.version}-python{python}"


def _numbers(version: str) -> tuple[int, ...]:
    """Return major and minor version, which alone decide about schemas and processes."""
    return tuple(int(number) for number in version.split(".")[:2])


_MIGRATE = "airflow db migrate"


def _airflow_2(
    since: str,
    *,
    initialise_database: str = _MIGRATE,
    migrate_database: str = _MIGRATE,
    web: Web = WEB_2,
    ecs: EcsExecutor = ECS_WITH_HEARTBEATS,
    cloudwatch: Config = MappingProxyType({}),
) -> Release:
    """Return what releases of Airflow 2 have in common; they differ little, mostly in pins and database commands."""
    return Release(
        version=since,
        end_of_life="2026-04-22",
        processes={"webserver": GUNICORN, "scheduler": SCHEDULER, "triggerer": OPTIONAL_TRIGGERER},
        initialise_database=initialise_database,
        migrate_database=migrate_database,
        web=web,
        config=CONFIG_2,
        development=DEVELOPMENT_2,
        secret_keys={"AIRFLOW__WEBSERVER__SECRET_KEY": "webserver"},
        ecs=ecs,
        cloudwatch=cloudwatch,
    )


def _airflow_3(since: str, *, config: Config, ecs: EcsExecutor) -> Release:
    """Return what releases of Airflow 3 have in common; 3.0 and 3.1 have no option for JSON lines."""
    return Release(
        version=since,
        end_of_life=None,
        processes={
            "webserver": web_server("airflow api-server", "/api/v2/monitor/health"),
            "scheduler": SCHEDULER,
            "dag_processor": DAG_PROCESSOR,
            "triggerer": TRIGGERER,
        },
        initialise_database=_MIGRATE,
        migrate_database=_MIGRATE,
        web=WEB_3,
        config=config,
        development=DEVELOPMENT_3,
        secret_keys={"AIRFLOW__API__SECRET_KEY": "webserver", "AIRFLOW__API_AUTH__JWT_SECRET": "jwt"},
        needs_packages={"mysql": ("mysqlclient",)},
        ecs=ecs,
        execution_api=True,
        ignore_syntax="glob",
        dag_bundles=True,
        # "Make sure that you are on Airflow 2.7 or later": Upgrading to Airflow 3, step 1.
        migrates_from="2.7.0",
    )


_SERIES = (
    _airflow_2(
        "2.5",
        initialise_database="airflow db init",
        migrate_database="airflow db upgrade",
        web=WEB_2_5,
        ecs=ECS_WITHOUT_ADOPTION,
        cloudwatch=CLOUDWATCH_WITHOUT_DEFAULTS,
    ),
    _airflow_2("2.7", web=WEB_2_5, ecs=ECS_WITHOUT_POOL),
    _airflow_2("2.9", ecs=ECS_WITHOUT_POOL),
    _airflow_2("2.10"),
    # By default four workers, of which uvicorn kills those that need five seconds to start; one has no such watch.
    _airflow_3("3.0", config=merge(CONFIG_3_WITHOUT_JSON, {"api": {"workers": 1}}), ecs=ECS_WITH_TOKENS),
    _airflow_3("3.1", config=CONFIG_3_WITHOUT_JSON, ecs=ECS_WITH_API_TIMEOUT),
    _airflow_3("3.2", config=merge(CONFIG_3, {"logging": {"json_logs": True}}), ecs=ECS_WITH_API_TIMEOUT),
)
"""What releases have in common, by the first minor version that has it, oldest first."""

_TABLE: dict[str, Release] = {}

RELEASES: Mapping[str, Release] = MappingProxyType(_TABLE)
"""The supported releases by version, oldest first."""


def add_releases(folder: Path) -> None:
    """Add the releases that the files of a folder describe, and to known releases the Pythons of these files.

    Raises `SpecRefusal` for a file that cannot be used.
    """
    for entry in read_entries(folder):
        known = _TABLE.get(entry.version) or _release(entry, folder)
        locks = {**dict.fromkeys(entry.pythons, _locks(folder)), **known.lock_folders}
        _TABLE[entry.version] = replace(
            known,
            pythons=tuple(sorted(locks, key=_numbers)),
            lock_folders=locks,
            rehearsed=known.rehearsed | {python for python, rehearsed in entry.pythons.items() if rehearsed},
        )
    ordered = sorted(_TABLE, key=age)
    if [*_TABLE] != ordered:
        for version in ordered:
            _TABLE[version] = _TABLE.pop(version)


def _locks(folder: Path) -> Path:
    return (KNOWN.parents[2] if folder == KNOWN else folder.parent) / LOCKS


def _release(entry: Entry, folder: Path) -> Release:
    """Return a release as those before it are."""
    alike = [series for series in _SERIES if _numbers(series.version) <= _numbers(entry.version)]
    if not alike:
        message = f"Windsock runs Airflow from {_SERIES[0].version} on"
        raise SpecRefusal((Fault(file=str(folder / entry.file), path="version", message=message),))
    return replace(alike[-1], version=entry.version, databases=entry.databases, folder=folder)


add_releases(KNOWN)

NEWEST: Release = next(one for one in reversed(_TABLE.values()) if is_final(one.version))
