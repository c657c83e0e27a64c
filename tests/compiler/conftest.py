"""What the compiler's tests share: every golden case compiled, and its templates read back as plain data."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.template_set import TemplateSet
from compiler.model.yaml_reader import read_template
from spec.environment import Environment
from spec.reading.load import load
from spec.sections.database import Container

GOLDEN = Path(__file__).parents[1] / "golden" / "templates"
CASES = tuple(sorted(folder.name for folder in GOLDEN.iterdir()))
WITH_RELEASES = frozenset({"container-postgres", "smallest-3.3.2"})
"""Environments on Airflow 3 that say nothing of `code.delivery`."""

Resource = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Case:
    """One golden environment, its templates as texts and as data in which `!Ref X` is `{"Ref": "X"}`."""

    name: str
    env: Environment
    templates: TemplateSet
    parsed: dict[str, Any]

    @property
    def folder(self) -> Path:
        """Where the case and what is expected of it lie."""
        return GOLDEN / self.name

    @property
    def own(self) -> str:
        """The title of the database's task definition, where it is a container; else empty."""
        return "DatabaseTaskDefinition" if isinstance(self.env.database, Container) else ""

    def resources(self, kind: str) -> dict[str, Resource]:
        """Return all resources of one type, such as `AWS::RDS::DBInstance`, by logical id."""
        return {title: resource for title, resource in self.everything() if resource["Type"] == kind}

    def only(self, kind: str) -> Resource:
        """Return the properties of the one resource of this type."""
        (resource,) = self.resources(kind).values()
        properties: Resource = resource["Properties"]
        return properties

    def definition_of(self, process: str) -> Resource:
        """Return the properties of the task definition of a process, such as `DagProcessor`."""
        return dict(self.resources("AWS::ECS::TaskDefinition")[f"{process}TaskDefinition"]["Properties"])

    def container_of(self, process: str) -> Resource:
        """Return the one container of a process."""
        (container,) = self.definition_of(process)["ContainerDefinitions"]
        return dict(container)

    def variables_of(self, process: str) -> dict[str, Any]:
        """Return what the environment of a process says in plain sight."""
        return {variable["Name"]: variable["Value"] for variable in self.container_of(process)["Environment"]}

    def everything(self) -> Iterator[tuple[str, Resource]]:
        """Yield every resource of every template of this environment with its logical id."""
        for name, template in self.parsed.items():
            if name != "toolkit.yaml":
                yield from template["Resources"].items()


@cache
def compiled(name: str) -> Case:
    """Return one golden case, compiled once for all tests."""
    env = load(GOLDEN / name / "env.yaml")
    templates = compile_environment(env)
    parsed = {file: read_template(text) for file, text in templates.files.items()}
    return Case(name=name, env=env, templates=templates, parsed=parsed)


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    """Every golden case in turn."""
    return compiled(request.param)


@pytest.fixture(params=[name for name in CASES if name not in WITH_RELEASES])
def mounted(request: pytest.FixtureRequest) -> Case:
    """Every environment whose code and logs are on a file system, in turn."""
    return compiled(request.param)


@pytest.fixture(params=[name for name in CASES if not name.startswith(("container-", "external"))])
def instance(request: pytest.FixtureRequest) -> Case:
    """Every environment whose database is an instance, in turn."""
    return compiled(request.param)


@pytest.fixture(params=[name for name in CASES if name != "external"])
def own_database(request: pytest.FixtureRequest) -> Case:
    """Every environment whose database Windsock makes, in turn."""
    return compiled(request.param)


@pytest.fixture(params=[name for name in CASES if name.startswith("container-")])
def container(request: pytest.FixtureRequest) -> Case:
    """Every environment whose database is a container, in turn."""
    return compiled(request.param)


@pytest.fixture(params=[name for name in CASES if name.startswith("ecs-")])
def workers(request: pytest.FixtureRequest) -> Case:
    """Every environment whose tasks run on workers, in turn."""
    return compiled(request.param)


@pytest.fixture
def largest() -> Case:
    """Return the environment that uses everything, with `protect: true`."""
    return compiled("largest")


@pytest.fixture
def oauth() -> Case:
    """Return the environment with single sign-on, and with OIDC at the load balancer as well."""
    return compiled("oauth")


@pytest.fixture
def mayfly() -> Case:
    """Return the environment that sleeps at night and deletes itself after three days."""
    return compiled("mayfly")


@pytest.fixture
def smallest() -> Case:
    """Return the environment with the fewest keys, on the oldest release, with `protect: false`."""
    return compiled("smallest-2.5.3")
