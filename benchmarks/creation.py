"""Models the minutes that AWS takes to create an environment, along the critical path of its compiled stacks.

python -m benchmarks.creation    # writes docs/creation.md
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from benchmarks.critical_path import Path as Chain
from benchmarks.critical_path import longest
from benchmarks.variants import Variant, deliveries, variants
from compiler.compile import compile_environment
from compiler.model.template_set import ROOT
from compiler.model.yaml_reader import read_template
from pricing.template import StackTemplate, stack_template
from spec.environment import Environment

PAGE = Path(__file__).parents[1] / "docs" / "creation.md"
TABLE = Path(__file__).with_name("durations.yaml")
SERVICE = "AWS::ECS::Service"
BEST, MIDDLE, WORST = 0.0, 0.5, 1.0


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

    def _minutes(self, name: str, *, running: bool) -> float:
        stack = self.nested[name]
        inside = longest(stack.resources, lambda id_: self._resource(stack.resources[id_], running=running))
        return _minutes("steps", "stack", self.slowness) + inside.minutes

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
            return _minutes("resources", kind, self.slowness)
        if running or type_ not in _table()["resources"]:
            return 0.0
        kind = f"{type_} Multi-AZ" if properties.get("MultiAZ") else type_
        return _minutes("resources", kind, self.slowness)


def creation(env: Environment, slowness: float) -> Creation:
    """Return the waits of the first deploy of an environment, with `slowness` from `BEST` to `WORST`."""
    templates = compile_environment(env)
    root = stack_template("root", read_template(templates.files[ROOT]))
    nested = {
        _title(name): stack_template(name, read_template(templates.files[f"{name}.yaml"])) for name in templates.nested
    }
    stacks = _Stacks(root, nested, slowness)
    change_set = Chain().then("change set", _minutes("steps", "change set", slowness))
    task = max(("sync", "database"), key=lambda name: _minutes("steps", name, slowness))
    return Creation(
        (
            ("change set", change_set),
            ("provision", stacks.provisioned()),
            ("tasks", Chain().then(task, _minutes("steps", task, slowness))),
            ("change set", change_set),
            ("services", stacks.switched_on()),
        )
    )


def page() -> str:
    """Return the page."""
    compared = (*variants(), *deliveries())
    return "\n".join([*_table_of(compared), "", *_chains(compared), "", *_sources()]) + "\n"


def _table_of(compared: tuple[Variant, ...]) -> Iterator[str]:
    best, worst = _table()["mwaa"]["minutes"]
    middle = (best + worst) / 2
    yield "# Minutes to create an environment"
    yield ""
    yield "Written by `python -m benchmarks.creation`. **A model, not a measurement**: the durations below, as of"
    yield f"{_table()['date']}, along the critical path of the compiled stacks and of the phases of a first"
    yield "`windsock deploy`. The model assumes that CI has built the image."
    yield ""
    yield "| environment | at best | in the middle | at worst | middle against Amazon MWAA |"
    yield "|---|---|---|---|---|"
    for variant in compared:
        minutes = [creation(variant.env, slowness).minutes for slowness in (BEST, MIDDLE, WORST)]
        cells = (f"{value:.0f}" for value in minutes)
        yield f"| {variant.title} | {' | '.join(cells)} | **{minutes[1] / middle:.2f}** |"
    yield f"| Amazon MWAA ({_table()['mwaa']['source']}) | {best} | {middle:g} | {worst} | 1 |"


def _chains(compared: tuple[Variant, ...]) -> Iterator[str]:
    yield "## What each waits for"
    yield ""
    yield "With durations in the middle of the known span; the minutes are those of the stack, or of the task."
    yield ""
    for variant in compared:
        steps = (f"{name} ({_words(chain)})" for name, chain in creation(variant.env, MIDDLE).steps)
        yield f"- {variant.title}: {'; '.join(steps)}."


def _words(chain: Chain) -> str:
    return " → ".join(f"{name} {minutes:.1f}" for name, minutes in chain.steps if minutes)


def _sources() -> Iterator[str]:
    yield "## Durations"
    yield ""
    yield "AWS creates everything else within the minute of its stack."
    yield ""
    yield "| what | minutes | source |"
    yield "|---|---|---|"
    for section in ("resources", "steps"):
        for name, known in _table()[section].items():
            best, worst = known["minutes"]
            yield f"| {name} | {best:g} to {worst:g} | {known['source']} |"


@cache
def _table() -> dict[str, Any]:
    table: dict[str, Any] = yaml.load(TABLE.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return table


def _minutes(section: str, name: str, slowness: float) -> float:
    best, worst = _table()[section][name]["minutes"]
    return float(best + slowness * (worst - best))


def _title(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
