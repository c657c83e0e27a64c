"""What plans ask of every way to deliver code."""

from collections.abc import Iterator
from typing import Protocol

from deployer.plans.observed import Observed
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded
from deployer.stacks.outputs import Outputs
from deployer.steps.code.one_off_tasks import PlannedTask
from deployer.steps.step import Step
from spec.environment import Environment


class DeliveryKind(Protocol):
    """One way: the steps that bring code to where containers find it."""

    NEEDS_REST: bool
    """Whether code cannot be brought while CloudFormation changes the stack."""

    def starts_empty(self, outputs: Outputs) -> bool:
        """Return whether containers of a new template would start without code, before it could be brought."""

    def is_deployed(self, outputs: Outputs) -> bool:
        """Return whether a deployed environment has its code that way, as its outputs say."""

    def changes(self, code: Code, observed: Observed) -> Uploaded:
        """Return which files a push would bring, and which would be gone."""

    def upload(self, env: Environment, code: Code, observed: Observed, *, running: bool) -> Step:
        """Return the step of a deploy that stores the code, before the services start or are replaced."""

    def tasks(self, code: Code, observed: Observed) -> Iterator[PlannedTask]:
        """Yield the one-off tasks that bring the code on from where it is stored."""

    def push(self, env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
        """Yield the steps of a push that bring the code to the containers."""

    def after_deploy(self, env: Environment, code: Code, observed: Observed, *, running: bool) -> Iterator[Step]:
        """Yield the steps of a deploy once the services are healthy; `running` says that they ran before."""

    def after_push(self, env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
        """Yield the steps of a push after the services have read what they read only when they start."""
