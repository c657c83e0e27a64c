"""What plans ask of every way to deliver code."""

from collections.abc import Iterator
from typing import Protocol

from deployer.plans.observed import Observed
from deployer.release.airflow_home import Code
from deployer.release.upload_code import Uploaded
from deployer.releases.manifest import Manifest
from deployer.stacks.outputs import Outputs
from deployer.steps.code.one_off_tasks import PlannedTask
from deployer.steps.step import Step
from spec.environment import Environment
from spec.sections.code import Delivery


class DeployedDelivery(Protocol):
    """One way in which a deployed environment has its code: the steps that bring other code there."""

    WORD: Delivery
    """The word with which the YAML keeps it."""

    NEEDS_REST: bool
    """Whether code cannot be brought while CloudFormation changes the stack."""

    def is_deployed(self, outputs: Outputs) -> bool:
        """Return whether a deployed environment has its code that way, as its outputs say."""

    def changes(self, code: Code, observed: Observed) -> Uploaded:
        """Return which files a push would bring, and which would be gone."""

    def tasks(self, code: Code, observed: Observed) -> Iterator[PlannedTask]:
        """Yield the one-off tasks that bring the code on from where it is stored."""

    def push(self, env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
        """Yield the steps of a push that bring the code to the containers."""

    def after_push(self, env: Environment, code: Code, observed: Observed) -> Iterator[Step]:
        """Yield the steps of a push after the services have read what they read only when they start."""


class DeliveryKind(DeployedDelivery, Protocol):
    """One way that the YAML can choose, by releases: also the steps of a deploy and of a rollback."""

    def starts_empty(self, outputs: Outputs) -> bool:
        """Return whether containers of a new template would start without code, before it could be brought."""

    def upload(self, env: Environment, code: Code, observed: Observed, *, running: bool) -> Step:
        """Return the step of a deploy that stores the code, before the services start or are replaced."""

    def after_deploy(self, env: Environment, code: Code, observed: Observed, *, running: bool) -> Iterator[Step]:
        """Yield the steps of a deploy once the services are healthy; `running` says that they ran before."""

    def rollback(self, manifest: Manifest, observed: Observed) -> Iterator[Step]:
        """Yield the steps that bring a release on to the containers once it is current again."""

    def parsed(self, env: Environment, observed: Observed, *, same: bool) -> Step:
        """Return the wait for Airflow; `same` says that the release was current before."""
