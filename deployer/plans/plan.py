"""A plan: what a deploy, a push or a teardown is going to do, as a value that can be printed, compared and tested."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from deployer.differences.by_hand import ChangeByHand
from deployer.differences.difference import NO_DIFFERENCE, Difference
from deployer.losses.fates import Fate
from deployer.plans.upgrade import Upgrade
from deployer.stacks.template_diff import Loss
from deployer.steps.code.one_off_tasks import PlannedTask
from deployer.steps.step import Need, Step


@dataclass(frozen=True)
class ServiceChange:
    """How many tasks of a process run now, and how many will."""

    process: str
    before: int
    after: int


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Ordered steps for the environment `name`, and what they bring, as far as it can be said before.

    After the steps of a plan that is not `final`, AWS is observed again and the rest is planned then. `difference` is
    what the templates change, `losses` the state that is lost with permission, `notes` what the user is told before
    the first step. `upgrade` is there where the database comes to another Airflow release. `fates` are the resources
    that a teardown deletes or keeps. `by_hand` is what people changed since in the stacks that change. `kept_counts`
    says how many tasks of a process somebody has set by hand, which stay. `seconds` is how long phases and nested
    stacks take by a model, where no earlier run can tell, and `known` how long they took in earlier runs.
    """

    name: str
    steps: tuple[Step, ...]
    final: bool = True
    difference: Difference = NO_DIFFERENCE
    losses: tuple[Loss, ...] = ()
    notes: tuple[str, ...] = ()
    services: tuple[ServiceChange, ...] = ()
    tasks: tuple[PlannedTask, ...] = ()
    code_version: str = ""
    upgrade: Upgrade | None = None
    fates: tuple[Fate, ...] = ()
    by_hand: tuple[ChangeByHand, ...] = ()
    seconds: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    known: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    kept_counts: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def steps_to_do(self) -> tuple[Step, ...]:
        """The steps that have, or may have, something to do."""
        return tuple(step for step in self.steps if step.need is not Need.NO)

    @property
    def seconds_as_before(self) -> float:
        """How long its steps took in earlier runs; 0 where none is known."""
        tasks = (task.task for task in self.tasks if task.need is not Need.NO)
        return sum(self.known.get(name, 0.0) for name in {*(step.name for step in self.steps_to_do), *tasks})

    @property
    def acts(self) -> bool:
        """Whether it surely has something to do."""
        return any(step.need is Need.YES for step in self.steps)
