"""Models the minutes that AWS takes to create an environment, along the critical path of its compiled stacks."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from compiler.contract import title
from compiler.model.template_set import ROOT, TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.durations.critical_path import Path as Chain
from deployer.durations.critical_path import longest
from pricing.template import StackTemplate, stack_template

TABLE = Path(__file__).with_name("durations.yaml")
SERVICE = "AWS::ECS::Service"
PROVISION, SERVICES = "provision", "services"
BEST, MIDDLE, WORST = 0.0, 0.5, 1.0
_SECONDS = 60.0


@dataclass(frozen=True)
class Creation:
    """The waits of a first deploy, one after the other."""

    steps: tuple[tuple[str, Chain], ...]

    @property
    def minutes(self) -> float:
        """Minutes in all."""
        return sum(chain.minutes for _, chain in self.steps)


@dataclass(frozen=True)
class _Stacks:
    """The compiled stacks of an environment; `slowness` is the assumed point in each span of minutes, from 0 to 1."""

    root: StackTemplate
    nested: Mapping[str, StackTemplate]
    slowness: float

    def provisioned(self) -> Chain:
        """Return the chain until everything but running services exists."""
        return longest(self.root.resources, lambda name: self._minutes(name, running=False))

    def switched_on(self) -> Chain:
        """Return the chain of the change that sets counts and image; a stack that gets neither does not change."""
        return longest(
            self.root.resources, lambda name: self._minutes(name, running=True) if self._changes(name) else 0.0
        )

    def seconds(self) -> Mapping[str, float]:
        """Return how long each phase takes, and each nested stack in it."""
        phases = {PROVISION: (self.provisioned(), False), SERVICES: (self.switched_on(), True)}
        whole = {phase: chain.minutes * _SECONDS for phase, (chain, _) in phases.items()}
        parts = {
            f"{phase} {name}": self._minutes(name, running=running) * _SECONDS
            for phase, (_, running) in phases.items()
            for name in self.root.resources
            if not running or self._changes(name)
        }
        return {**whole, **parts}

    def _minutes(self, name: str, *, running: bool) -> float:
        stack = self.nested[name]
        inside = longest(stack.resources, lambda id_: self._resource(stack.resources[id_], running=running))
        return known_minutes("steps", "stack", self.slowness) + inside.minutes

    def _changes(self, name: str) -> bool:
        parameters = self.root.resources[name].get("Properties", {}).get("Parameters", {})
        return any("ImageDigest" in str(value) or key.endswith("Count") for key, value in parameters.items())

    def _resource(self, resource: Mapping[str, Any], *, running: bool) -> float:
        type_, properties = resource["Type"], resource.get("Properties", {})
        if type_ == SERVICE:
            waits = isinstance(properties.get("DesiredCount"), Mapping)
            if waits is not running:
                return 0.0
            kind = f"{type_} behind a load balancer" if properties.get("LoadBalancers") else type_
            return known_minutes("resources", kind, self.slowness)
        endpoint = properties.get("VpcEndpointType", "")
        kind = f"{type_} Multi-AZ" if properties.get("MultiAZ") else f"{type_} {endpoint}".strip()
        if running or kind not in table()["resources"]:
            return 0.0
        return known_minutes("resources", kind, self.slowness)


def creation(templates: TemplateSet, slowness: float) -> Creation:
    """Return the waits of the first deploy of an environment, with `slowness` from `BEST` to `WORST`."""
    stacks = _stacks(templates, slowness)
    change_set = Chain().then("change set", known_minutes("steps", "change set", slowness))
    task = max(("sync", "database"), key=lambda name: known_minutes("steps", name, slowness))
    return Creation(
        (
            ("change set", change_set),
            (PROVISION, stacks.provisioned()),
            ("tasks", Chain().then(task, known_minutes("steps", task, slowness))),
            ("change set", change_set),
            (SERVICES, stacks.switched_on()),
        )
    )


def creation_seconds(templates: TemplateSet) -> Mapping[str, float]:
    """Return how long phases and nested stacks of a first deploy take in the middle of the known spans.

    The keys are the name of a phase, and that name with the logical id of a nested stack.
    """
    return _stacks(templates, MIDDLE).seconds()


def _stacks(templates: TemplateSet, slowness: float) -> _Stacks:
    return _Stacks(*stack_templates(templates), slowness)


def stack_templates(templates: TemplateSet) -> tuple[StackTemplate, Mapping[str, StackTemplate]]:
    """Return the template of the root stack, and those of the nested ones by logical id."""
    root = stack_template("root", read_template(templates.files[ROOT]))
    nested = {
        title(name): stack_template(name, read_template(templates.files[f"{name}.yaml"])) for name in templates.nested
    }
    return root, nested


@cache
def table() -> dict[str, Any]:
    """Return the known minutes, each from the shortest to the longest, with its source."""
    known: dict[str, Any] = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return known


def known_minutes(section: str, name: str, slowness: float) -> float:
    """Return the minutes of an entry of a section, at a point of its span from `BEST` to `WORST`."""
    best, worst = table()[section][name]["minutes"]
    return float(best + slowness * (worst - best))
