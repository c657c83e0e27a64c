"""An environment that an earlier release deployed is deployed, pushed to and torn down by this one, really."""

import os
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from acceptance.emulated_aws import Ports, VirtualenvImages, build_virtualenvs, running_emulator, session_of
from acceptance.sessions import directory_of
from acceptance.steps import Steps
from cli.terminal.cache_dir import cache_root
from compiler.compile import compile_environment
from compiler.model.template_set import ROOT as ROOT_FILE
from compiler.model.template_set import TemplateSet
from deployer.aws.inventory import inventory
from deployer.aws.session import Session
from deployer.aws.stacks import STACK_TYPE
from deployer.deploy import deploy
from deployer.deployment import Deployment
from deployer.push import push
from deployer.release.airflow_home import read_code
from deployer.release.upload_code import upload_code
from deployer.stacks.outputs import read_outputs
from deployer.stacks.stateful_types import STATEFUL
from deployer.tasks.one_off_tasks import OneOffTaskFailure
from deployer.teardown import teardown
from rehearsal.images.virtualenvs import Virtualenv
from rehearsal.session import emulator_session
from spec.environment import Environment
from spec.reading.load import load
from tests.deployer.fakes.deployed_before import FIXTURES, templates_before
from tests.deployer.fakes.session import Recorder
from tests.life.kept import ROOT

pytestmark = pytest.mark.airflow

AWS_CLI, AWS_CLI_PYTHON = "public.ecr.aws/aws-cli/aws-cli:2.22.0", "3.11"
"""The image of the sync task of then."""

LASTING = frozenset({*STATEFUL, "AWS::ECS::Service", "AWS::ECS::Cluster", "AWS::EC2::VPC", "AWS::EC2::Subnet"})
"""What a deploy of the same environment must not replace."""


@pytest.fixture
def env() -> Environment:
    """Return the environment as it was deployed, read by this release."""
    return load(FIXTURES / "rds" / "env.yaml")


@pytest.fixture
def images(env: Environment) -> Iterator[VirtualenvImages]:
    """Return an embedded AWS with the images of the environment."""
    cache = cache_root(os.environ)
    virtualenvs = build_virtualenvs(env, ROOT, cache / "environments")
    directory = directory_of(cache, f"{env.name}-before", kept=False)
    lock = FIXTURES / "awscli.lock"
    aws_cli = Virtualenv(
        name="aws-cli", python=AWS_CLI_PYTHON, requirements=[lock], cache=cache / "environments"
    ).build()
    with running_emulator(env, virtualenvs, directory, Steps(say=print), ports=Ports(), keep=False) as emulator:
        emulator_session.add_image(emulator, AWS_CLI, aws_cli, entrypoint=("aws",))
        yield VirtualenvImages(emulator, virtualenvs.airflow, env.fargate.architecture)


def _session_of_then(env: Environment, images: VirtualenvImages) -> Session:
    """Return a session that asks for no nested change sets: those of the templates of then fail."""
    session = session_of(env, images.emulator)
    session.cloudformation.client.meta.events.register(
        "provide-client-params.cloudformation.CreateChangeSet",
        lambda params, **_: params.update(IncludeNestedStacks=False),
    )
    return session


def _deploy(
    env: Environment, templates: TemplateSet, images: VirtualenvImages, home: Path, session: Session | None = None
) -> Deployment:
    return deploy(
        env,
        templates,
        session or session_of(env, images.emulator),
        images=images,
        progress=Recorder(),
        airflow_home=home,
        web_url=images.emulator.web_url,
    )


def _deploy_as_then(env: Environment, images: VirtualenvImages) -> None:
    """Deploy the templates of then; their sync task copies files, which this release only pushes."""
    home, session, templates = FIXTURES / "airflow_home", _session_of_then(env, images), templates_before("rds")
    base = "  BaseImage:\n    Type: String\n    Default: apache/airflow:2.5.3-python3.10\n"  # this release builds on it
    root = templates.files[ROOT_FILE].replace("Parameters:\n", f"Parameters:\n{base}", 1)
    templates = replace(templates, files={**templates.files, ROOT_FILE: root})
    with pytest.raises(OneOffTaskFailure, match="The sync task failed"):
        _deploy(env, templates, images, home, session=session)
    stack = session.cloudformation.stack(env.name)
    assert stack is not None
    code = read_code(home, env.airflow.ignore_syntax, env.airflow.python)
    upload_code(session, read_outputs(stack).code_bucket, code)
    _deploy(env, templates, images, home, session=session)


def _lasting(session: Session, stack: str, path: str = "") -> dict[str, str]:
    """Return the physical ids of what must last below a stack, by logical path."""
    found: dict[str, str] = {}
    for resource in session.cloudformation.resources(stack):
        if resource.type == STACK_TYPE:
            found |= _lasting(session, resource.physical_id, f"{resource.logical_id}/")
        elif resource.type in LASTING:
            found[f"{path}{resource.logical_id}"] = resource.physical_id
    return found


def test_an_environment_of_an_earlier_release_keeps_all_its_state(
    env: Environment, images: VirtualenvImages, tmp_path: Path
) -> None:
    """No state and no service is replaced, not even for other processors; code arrives, the teardown leaves nothing."""
    session = session_of(env, images.emulator)
    # This release begins no environment with the database that the earlier one was deployed with.
    tested = env.model_copy(update={"database": env.database.model_copy(update={"version": "15"})})
    _deploy_as_then(tested, images)
    before = _lasting(session, env.name)
    assert {"Database/Instance", "Storage/CodeBucket", "Storage/FileSystem"} <= set(before)
    home = shutil.copytree(ROOT / "airflow_home", tmp_path / "airflow_home")
    deployment = _deploy(env, compile_environment(env), images, home)
    assert deployment.changed
    assert _lasting(session, env.name) == before
    assert not _deploy(env, compile_environment(env), images, home).changed
    on_arm = env.model_copy(update={"fargate": env.fargate.model_copy(update={"architecture": "arm64"})})
    _deploy(on_arm, compile_environment(on_arm), replace(images, architecture="arm64"), home)
    assert _lasting(session, env.name) == before
    (home / "dags" / "pushed.py").write_text("PUSHED = True\n", encoding="utf-8")
    assert push(env, session, progress=Recorder(), airflow_home=home).uploaded.put == ("dags/pushed.py",)
    assert _lasting(session, env.name) == before
    assert not teardown(env, session, progress=Recorder()).empty
    assert list(inventory(session)) == []
