"""What every step of a plan has, what it is executed with, and what it learns for the steps after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import Protocol

from compiler.contract import NO_TAG
from deployer.aws.session import Session
from deployer.aws.stacks import Stack
from deployer.health.verify import Health
from deployer.progress import Progress
from deployer.record.deploy_state import NOTHING, DeployState
from deployer.record.lease import Lease
from deployer.record.owned_resources import OwnedResources
from deployer.record.teardown_report import TeardownReport
from deployer.release.airflow_home import Code
from deployer.release.image import ImageSource
from deployer.release.upload_code import Uploaded
from deployer.releases.report import ReleaseReport
from deployer.stacks.outputs import Outputs, read_outputs
from deployer.stacks.rollout import RolloutFailure
from deployer.stacks.upload_templates import UploadedTemplates
from spec.environment import Environment


class Need(Enum):
    """Whether a step has something to do, as far as can be said before it is executed."""

    YES = "to do"
    NO = "nothing to do"
    UNKNOWN = "if needed"


class DagImports(Protocol):
    """Tries on this machine whether the DAG files can be imported, before anything is made on AWS."""

    def check(self, code: Code, *, build: bool) -> None:
        """Refuse what the image could not import either, and tell what else failed.

        With `build` it first builds what stands for the image, where this machine does not have it. Raises `Refusal`.
        """


@dataclass(frozen=True, kw_only=True)
class Context:
    """What every step is executed with, under the lease of its run.

    Without `imports` nobody tries the DAG files before they are on AWS. `web_url` is where the web server answers here,
    if not at its own address. `drain_minutes` is how long Airflow tasks may run on before what runs them is replaced; 0
    waits for none.
    """

    env: Environment
    session: Session
    progress: Progress
    lease: Lease
    images: ImageSource | None = None
    imports: DagImports | None = None
    web_url: str | None = None
    drain_minutes: int = 0


@dataclass(frozen=True, kw_only=True)
class Facts:
    """What is known so far: each step returns more of it.

    `bootstrap` are the outputs of the bootstrap stack, `image` the digest of the image, `release_images` those of other
    releases, `foreign_images` those of other registries by their parameters. `started` says that the services run tasks
    that this run has started, `changed` that it has changed a stack. `version` is the release that
    is current, `released` that this run made it so, `report_of_dags` what Airflow made of it.
    """

    report: TeardownReport
    stack: Stack | None = None
    bootstrap: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    uploaded_templates: UploadedTemplates | None = None
    image: str = ""
    image_tag: str = NO_TAG
    release_images: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    foreign_images: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    state: DeployState = NOTHING
    owned: OwnedResources = field(default_factory=OwnedResources)
    uploaded: Uploaded = field(default_factory=Uploaded)
    health: Health | None = None
    changed: bool = False
    started: bool = False
    version: str = ""
    report_of_dags: ReleaseReport | None = None
    released: bool = False
    synced: bool = False
    restarted: bool = False

    @property
    def templates(self) -> UploadedTemplates:
        """Where the templates are. Raises `ValueError` before they are uploaded."""
        if self.uploaded_templates is None:
            raise ValueError("A plan uploads templates before it rolls a stack out.")
        return self.uploaded_templates

    @property
    def root(self) -> Stack:
        """The root stack. Raises `RolloutFailure` when there is none."""
        if self.stack is None:
            raise RolloutFailure("The environment's stack is gone.", why="Somebody deleted it meanwhile.")
        return self.stack

    @property
    def outputs(self) -> Outputs:
        """The outputs of the root stack."""
        return read_outputs(self.root)


class Step(Protocol):
    """One step of a plan."""

    @property
    def name(self) -> str:
        """The phase in which it shows."""

    @property
    def need(self) -> Need:
        """Whether it has something to do."""

    @property
    def reason(self) -> str:
        """Why it is there, or why it has nothing to do."""

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Look again, do what is to be done, and return what is known now."""
