"""Environments as a plan sees them, without any AWS."""

from dataclasses import replace
from datetime import UTC, datetime

from compiler.contract import BOOTSTRAP_STACK
from compiler.model.template_set import BOOTSTRAP, TemplateSet
from deployer.aws.ecs import Service
from deployer.aws.stacks import Stack
from deployer.lifetime.ttl import EXPIRES_AT
from deployer.plans.observed import BootstrapStack, Observed
from deployer.plans.plan import Plan
from deployer.record.deploy_state import DeployState
from deployer.release.airflow_home import Code, CodeFile
from deployer.releases.changes import hashes_of
from deployer.releases.manifest import Manifest
from deployer.releases.store import Move, Pointer
from deployer.stacks.tags import stack_tags
from deployer.stacks.upload_templates import content_etag, template_keys, template_objects
from deployer.steps.step import Step
from spec.environment import Environment
from tests.deployer.fakes.cloudformation import arn
from tests.deployer.fakes.environment import PINNED_BASE, World, environment, template_set

NOW = datetime(2026, 11, 2, 12, tzinfo=UTC)
IMAGE = f"sha256:{'a' * 64}"
CODE = Code((CodeFile("dags/one.py", b"x = 1\n"), CodeFile("plugins/hello.py", b"x = 1\n")))
PROCESSES = ("Scheduler", "Webserver")


def absent() -> Observed:
    """Return an account in which nothing is deployed."""
    return Observed(account="123456789012", region="us-west-2", now=NOW)


def deployed(env: Environment | None = None, templates: TemplateSet | None = None) -> Observed:
    """Return an environment that is deployed from these templates with `CODE` and `IMAGE`, and runs."""
    env, templates = env or environment(), templates or template_set()
    fixed = World().session.cloudformation.outputs("demo", {})
    stack = Stack(
        id=arn("demo"),
        name="demo",
        status="UPDATE_COMPLETE",
        parameters={
            **template_keys(templates),
            **{f"{name}Count": "1" for name in PROCESSES},
            "ImageDigest": IMAGE,
            "ImageTag": "tag",
            "BaseImage": PINNED_BASE,
            **({EXPIRES_AT: "2026-11-05T12:00:00Z"} if env.ttl else {}),
        },
        outputs={**fixed, **{f"{name}Service": name for name in PROCESSES}},
        tags=stack_tags(env),
    )
    return replace(
        absent(),
        stack=stack,
        bootstrap=BootstrapStack(
            stack=Stack(
                id=arn("toolkit"),
                name=BOOTSTRAP_STACK,
                status="CREATE_COMPLETE",
                outputs={"TemplatesBucket": "templates"},
                tags=dict(env.aws.tags),
            ),
            template=templates.files[BOOTSTRAP],
            bucket="templates",
            stored_templates={
                key: content_etag(text)
                for key, text in template_objects(templates, expiring=env.ttl is not None).items()
            },
        ),
        root_template=templates.files["root.yaml"],
        state=DeployState(
            airflow_version="2.5.3",
            database="db-1",
            image=IMAGE,
            admin=env.auth.first_user.username,
            code=CODE.release,
            file_system="fs-1",
            restart=CODE.restart_version,
        ),
        pointer=Pointer(moves=(Move(version=CODE.release),)),
        released=Manifest(release=CODE.release, version=CODE.release, files=hashes_of(CODE)),
        services=tuple(
            Service(name=name, status="ACTIVE", desired=1, running=1, pending=0, rollout="COMPLETED", older=0)
            for name in PROCESSES
        ),
    )


def with_stack(observed: Observed, **changes: object) -> Observed:
    """Return the same with another root stack."""
    assert observed.stack is not None
    return replace(observed, stack=replace(observed.stack, **changes))  # type: ignore[arg-type]  # fields by name


def with_outputs(observed: Observed, **changes: str) -> Observed:
    """Return the same with other outputs of the root stack."""
    assert observed.stack is not None
    return with_stack(observed, outputs={**observed.stack.outputs, **changes})


def steps_of(plan: Plan) -> list[tuple[str, str]]:
    """Return the steps of a plan by kind, each with whether it has something to do."""
    return [(type(step).__name__, step.need.value) for step in plan.steps]


def step_of(plan: Plan, kind: type[Step]) -> Step:
    """Return the one step of a kind."""
    (found,) = (step for step in plan.steps if isinstance(step, kind))
    return found
