"""The executor `local`: tasks run in the scheduler's container, so it needs nothing of AWS for their sake."""

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.airflow.alarm import alarm_permissions
from compiler.airflow.roles import task_role_permissions
from compiler.contract import SCHEDULER
from compiler.model import stack_values as values
from compiler.model.kind import OfEnvironment
from compiler.model.permission import Permission
from compiler.model.stack import StackBuilder
from compiler.model.stack_values import StackValue
from compiler.resources.roles import add_task_role
from spec.releases.processes import Process


class LocalExecutor(OfEnvironment):
    """Airflow's LocalExecutor."""

    workers = ()

    def variables(self, _stack: StackBuilder) -> Mapping[str, Any]:
        """Return no variables."""
        return {}

    def role_of(self, process: Process) -> StackValue | None:
        """Return the scheduler's own role where it alone sets an alarm."""
        return values.SCHEDULER_ROLE if self._sets_alarm and process.name == SCHEDULER else None

    def permissions(self) -> Iterator[Permission]:
        """Yield what the scheduler may do where it has a role of its own; else Airflow's is enough for its tasks."""
        if self._sets_alarm:
            yield from task_role_permissions(self.env, SCHEDULER)
            yield from alarm_permissions(self.env)

    @property
    def _sets_alarm(self) -> bool:
        return self.env.due is not None

    def ends_tasks(self, _process: Process) -> bool:
        """Say that no task runs elsewhere."""
        return False

    def build(self, stack: StackBuilder) -> None:
        """Add the role of a scheduler that sets an alarm."""
        if self._sets_alarm:
            description = "What the scheduler may do in AWS: set the alarm, besides what Airflow and its DAGs may"
            name, managed = values.SCHEDULER_ROLE, self.env.airflow.policies
            stack.output(name, add_task_role(stack, name.title, description, self.permissions(), managed=managed))
