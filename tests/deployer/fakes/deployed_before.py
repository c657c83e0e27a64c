"""Environments as commit 33d37aa deployed them: its templates, its root stack and its deploy state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from cfnlint.schema.manager import PROVIDER_SCHEMA_MANAGER

from compiler.contract import RootOutput, title
from compiler.model.template_set import BOOTSTRAP, ROOT, TemplateSet
from deployer.aws.stacks import STACK_TYPE, Resource
from deployer.stacks.template_diff import Resources, resources
from spec.environment import Environment
from spec.reading.load import load
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.environment import World

FIXTURES = Path(__file__).parents[2] / "fixtures" / "deployed-33d37aa"
KINDS = ("rds", "container")

REGION = "us-west-2"
PHYSICAL = {
    "CodeBucket": "code",
    "Cluster": "cluster",
    "DatabaseAccessPoint": "fsap-1",
    "FileSystem": "fs-1",
    "Instance": "db-1",
}
"""The physical ids that the outputs of the fixture name; all others are made up."""


def templates_before(kind: str) -> TemplateSet:
    """Return the templates from which the environment was deployed."""
    files = {path.name: path.read_text(encoding="utf-8") for path in (FIXTURES / kind / "templates").iterdir()}
    nested = sorted(name.removesuffix(".yaml") for name in files if name not in {ROOT, BOOTSTRAP})
    return TemplateSet(load(FIXTURES / kind / "env.yaml").name, files, tuple(nested))


@dataclass
class DeployedBefore(World):
    """The environment in an AWS in memory, which replaces what the registry says that a change replaces."""

    kind: str = "rds"
    texts: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Place every stack as it was deployed, and the deploy state as it was written."""
        super().__post_init__()
        folder, templates, session = FIXTURES / self.kind, templates_before(self.kind), self.session
        stack = json.loads((folder / "stack.json").read_text(encoding="utf-8"))
        session.parameters.values["marker"] = (folder / "deploy_state.json").read_text(encoding="utf-8")
        session.scheduler.starts[f"windsock-{self.env.name}-expiry"] = datetime(2026, 7, 1, tzinfo=UTC)
        session.cloudformation.put(
            "windsock-toolkit",
            "CREATE_COMPLETE",
            template=templates.files[BOOTSTRAP],
            outputs={"TemplatesBucket": "templates", "DeletionRole": "arn:deletion"},
        )
        session.cloudformation.put(self.env.name, "UPDATE_COMPLETE", template=templates.files[ROOT], **stack)
        for name in templates.nested:
            self._update(title(name), templates.files[f"{name}.yaml"])
        self._place_root()
        command = session.ecs.definitions["command:1"]
        command["containerDefinitions"][0]["command"] = _command(templates)
        session.ecs.definitions[stack["outputs"]["CommandTaskDefinition"]] = command
        session.ecs.definitions[stack["outputs"]["SyncTaskDefinition"]] = session.ecs.definitions["sync:1"]
        for service in (value for key, value in stack["outputs"].items() if key.endswith("Service")):
            self._place_service(service, 1)

    @property
    def env(self) -> Environment:
        """The environment, read by this release."""
        return load(FIXTURES / self.kind / "env.yaml")

    @property
    def physical_ids(self) -> Mapping[str, str]:
        """The physical id of every resource but the nested stacks, by logical path."""
        return dict(self.ids)

    def _outputs(self, name: str, parameters: Mapping[str, str]) -> Mapping[str, str]:
        if name == "windsock-toolkit":
            return super()._outputs(name, parameters)
        prefix = parameters["TemplatesUrl"].partition("/templates/")[2]
        for key, value in parameters.items():
            if key.endswith("Template"):
                text = self.session.s3.buckets["templates"][f"{prefix}/{value}"].decode()
                self._update(key.removesuffix("Template"), text)
        self._place_root()
        for key, count in parameters.items():
            if key.endswith("Count"):
                self._place_service(key.removesuffix("Count"), int(count))
        return {**self.session.cloudformation.stacks[name].outputs, RootOutput.CODE_ACCESS_POINT: "fsap-code"}

    def _update(self, stack: str, text: str) -> None:
        """Bring one nested stack to a template: what the registry lets stay keeps its physical id."""
        fake, own = self.session.cloudformation, f"{self.env.name}-{stack}"
        old, new = resources(self.texts.get(stack, "{}")), resources(text)
        for name in new:
            if not _stays(old, new, name):
                before = self.ids.get(f"{stack}/{name}")
                self.ids[f"{stack}/{name}"] = f"{before}-anew" if before else _physical(name, new[name]["Type"])
        self.texts[stack] = fake.templates[own] = text
        fake.members[own] = tuple(
            Resource(
                logical_id=name,
                physical_id=self.ids[f"{stack}/{name}"],
                type=resource["Type"],
                status="UPDATE_COMPLETE",
            )
            for name, resource in new.items()
        )

    def _place_root(self) -> None:
        self.session.cloudformation.members[self.env.name] = tuple(
            Resource(
                logical_id=stack, physical_id=arn(f"{self.env.name}-{stack}"), type=STACK_TYPE, status="UPDATE_COMPLETE"
            )
            for stack in self.texts
        )


def _command(templates: TemplateSet) -> list[str]:
    """Return the command of the container that runs one Airflow command."""
    definition = resources(templates.files["platform.yaml"])["CommandTaskDefinition"]["Properties"]
    (container,) = definition["ContainerDefinitions"]
    return list(container["Command"])


def _physical(name: str, type_: str) -> str:
    if type_ == "AWS::ECS::Service":
        return f"arn:aws:ecs:{REGION}:1:service/cluster/{name.removesuffix('Service')}"
    if type_ == "AWS::ECS::TaskDefinition":
        return f"arn:aws:ecs:{REGION}:1:task-definition/{name}:1"
    return PHYSICAL.get(name, name)


def _stays(old: Resources, new: Resources, name: str) -> bool:
    if name not in old or old[name]["Type"] != new[name]["Type"]:
        return False
    before, after = (one[name].get("Properties", {}) for one in (old, new))
    changed = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    return not changed & _create_only(new[name]["Type"])


@cache
def _create_only(type_: str) -> frozenset[str]:
    """Return the properties of which the registry says that a change replaces, or may replace, the resource."""
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema(REGION, type_).schema
    keys = ("createOnlyProperties", "conditionalCreateOnlyProperties")
    return frozenset(path.split("/")[2] for key in keys for path in schema.get(key, []))
