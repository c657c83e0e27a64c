"""A running environment in memory, with what a step is executed with."""

from dataclasses import dataclass, field
from typing import Any

from deployer.aws.stacks import Stack
from deployer.record.deploy_state import DeployState
from deployer.record.lease import new_lease
from deployer.record.teardown_report import TeardownReport
from deployer.steps.step import Context, Facts
from spec.environment import Environment
from tests.deployer.fakes.environment import PINNED_BASE, Images, World, environment
from tests.deployer.fakes.observed import deployed
from tests.deployer.fakes.session import Recorder


@dataclass(kw_only=True)
class Running:
    """An environment that is deployed and runs, in an AWS in memory."""

    env: Environment = field(default_factory=environment)
    world: World = field(default_factory=World)
    progress: Recorder = field(default_factory=Recorder)
    images: Images = field(default_factory=Images)

    def __post_init__(self) -> None:
        """Place the stack with its services."""
        seen = deployed(self.env)
        assert seen.stack is not None
        fake = self.world.session.cloudformation
        counts = {"SchedulerCount": "1", "WebserverCount": "1"}
        outputs = fake.outputs("demo", counts)
        fake.put(
            "demo",
            "UPDATE_COMPLETE",
            template=seen.root_template,
            parameters=dict(seen.stack.parameters),
            tags=dict(seen.stack.tags),
            outputs=outputs,
        )
        fake.put("windsock-toolkit", "CREATE_COMPLETE", outputs={"TemplatesBucket": "templates"})

    @property
    def stack(self) -> Stack:
        """The root stack as it is now."""
        return self.world.session.cloudformation.stacks["demo"]

    @property
    def context(self) -> Context:
        """What every step is executed with."""
        session = self.world.session.as_session
        lease = new_lease(self.env, session, "deploy")
        return Context(env=self.env, session=session, progress=self.progress, lease=lease, images=self.images)

    def facts(self, **more: Any) -> Facts:
        """Return what a plan knows at its beginning, and `more`."""
        known: dict[str, Any] = {
            "report": TeardownReport("demo"),
            "stack": self.stack,
            "bootstrap": {"TemplatesBucket": "templates"},
            "foreign_images": {"BaseImage": PINNED_BASE},
            "state": deployed(self.env).state,
            **more,
        }
        return Facts(**known)

    def stored(self) -> str:
        """Return the text of the deploy state as AWS holds it."""
        return self.world.session.parameters.values["marker"]


def behind(**fields: str) -> DeployState:
    """Return the deploy state of a running environment in which some fields are older."""
    return DeployState(**{**vars(deployed().state), **fields})
