"""An environment that commit 33d37aa deployed is deployed, pushed to and torn down without one replacement of state."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from cli.differences.against import deployed
from cli.differences.differing import of_templates
from cli.differences.text_page import text_page
from compiler.compile import compile_environment
from compiler.contract import RELEASE_DIGITS
from deployer.deploy import deploy
from deployer.deployment import Deployment
from deployer.diagnosis.diagnose import diagnose
from deployer.diagnosis.gather import Surroundings
from deployer.differences.difference import Danger
from deployer.push import Pushed, push
from deployer.record.deploy_state import DeployState
from deployer.release.upload_code import Uploaded
from deployer.stacks.stateful_types import STATEFUL
from deployer.status import status
from deployer.teardown import teardown
from tests.deployer.fakes.deployed_before import KINDS, DeployedBefore
from tests.deployer.fakes.environment import Images
from tests.deployer.fakes.session import Recorder

PHASES = frozenset({"provision", "sync", "database", "admin", "restart"})
REPLACED = frozenset({"AWS::ECS::TaskDefinition", "AWS::EFS::MountTarget"})
"""Holds no state. A change makes a new task definition; a mount target names its subnet by another parameter now, whose
value is the same, so CloudFormation does not replace it.
"""


_EVERYWHERE = frozenset({"config/log_config.py", "config/windsock_login.py"})
FORMER = {"rds": _EVERYWHERE | {"config/gunicorn_json.py"}, "container": _EVERYWHERE}
"""The files of Windsock's own that the code of then had, by the kind of database."""


@pytest.fixture(params=KINDS)
def before(request: pytest.FixtureRequest) -> DeployedBefore:
    """Return the environment as it was deployed, with its database of this kind."""
    return DeployedBefore(kind=request.param)


@pytest.fixture
def home(tmp_path: Path, before: DeployedBefore) -> Path:
    """Return the code that was deployed."""
    for path in ("dags/one.py", "plugins/hello.py", "webserver_config.py", *FORMER[before.kind]):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text("x = 1\n", encoding="utf-8")
    return tmp_path


def _deploy(before: DeployedBefore, home: Path, progress: Recorder | None = None, **more: Any) -> Deployment:
    return deploy(
        before.env,
        compile_environment(before.env),
        before.session.as_session,
        **{"images": Images(), "progress": progress or Recorder(), "airflow_home": home, **more},
    )


def _push(before: DeployedBefore, home: Path) -> Pushed:
    return push(before.env, before.session.as_session, progress=Recorder(), airflow_home=home)


def _types(before: DeployedBefore) -> dict[str, str]:
    members = before.session.cloudformation.members
    return {
        f"{stack}/{one.logical_id}": one.type for stack in before.texts for one in members[f"{before.env.name}-{stack}"]
    }


def test_a_deploy_replaces_no_state_and_no_service(before: DeployedBefore, home: Path) -> None:
    """The replacement guard lets it pass, and by the registry's word only task definitions get a new id.

    Services stop once, until the code lies in releases on the file system.
    """
    known, types, progress = before.physical_ids, _types(before), Recorder()
    deployment = _deploy(before, home, progress)
    after = before.physical_ids
    changed = {path for path, physical in known.items() if after.get(path) != physical}
    assert {types[path] for path in changed} <= REPLACED
    stateful = {path for path, type_ in types.items() if type_ in STATEFUL}
    assert len(stateful) >= 5
    assert not stateful & changed
    assert deployment.changed
    assert [phase for phase in progress.phases if phase in PHASES] == ["provision", "sync"]


def test_the_deploy_state_of_then_is_read(before: DeployedBefore, home: Path) -> None:
    """Nothing is initialised or migrated again; the state is what it was, but for the code, which is a release now."""
    written = json.loads(before.session.parameters.values["marker"])
    _deploy(before, home)
    assert [script for _, script in before.session.ecs.runs] == [""]
    assert json.loads(before.session.parameters.values["marker"]) == {
        **asdict(DeployState(**written)),
        "code": written["code"][:RELEASE_DIGITS],
    }
    assert not _deploy(before, home).changed
    assert len(before.session.ecs.runs) == 1


def test_a_push_brings_new_code_without_a_deploy(before: DeployedBefore, home: Path) -> None:
    """Stacks of then have all that a push needs."""
    (home / "dags/one.py").write_text("x = 2\n")
    known = before.physical_ids
    pushed = _push(before, home)
    assert (pushed.synced, pushed.restarted) == (True, False)
    assert "dags/one.py" in pushed.uploaded.put
    assert before.physical_ids == known


@pytest.mark.parametrize("before", ["rds"], indirect=True)
def test_files_of_then_stay_until_a_deploy_replaces_the_containers(before: DeployedBefore, home: Path) -> None:
    """Those containers read them whenever one starts; afterwards all goes that is in no release."""
    bucket, files = before.session.s3.buckets["code"], FORMER[before.kind]
    _push(before, home)
    for name in files:
        (home / name).unlink()
    _push(before, home)
    assert {f"code/{name}" for name in files} <= bucket.keys()
    _deploy(before, home)
    assert {key.partition("/")[0] for key in bucket} == {"releases", "current.json"}
    assert _push(before, home).uploaded == Uploaded()


def test_what_a_deploy_would_change_is_told(before: DeployedBefore) -> None:
    """Nothing stateful is at risk; what is there no more and what is new are told by their logical paths."""
    old = deployed(before.env, before.session.as_session)
    found = of_templates(compile_environment(before.env), old)
    assert old.words == f"what is deployed in {before.env.aws.region}"
    assert not {one.path for one in found.difference.resources if one.danger is Danger.STATE}
    page = text_page(found)
    assert "Services/SchedulerTaskDefinition" in page
    assert "A month costs" in page.splitlines()[-1]


def test_a_diagnosis_and_a_status_read_it(before: DeployedBefore) -> None:
    """They find their way through its outputs and stacks: nothing of it cannot be read."""
    session = before.session.as_session
    seen = status(before.env, session)
    assert (seen.name, seen.stack) == (before.env.name, "UPDATE_COMPLETE")
    found = diagnose(before.env, session, Surroundings(templates=compile_environment(before.env)))
    assert (found.name, found.unread) == (before.env.name, ())


def test_a_teardown_leaves_nothing(before: DeployedBefore) -> None:
    """It knows what a stack of then owns."""
    report = teardown(before.env, before.session.as_session, progress=Recorder())
    assert {("stack", before.env.name), ("stack", "windsock-toolkit")} <= {
        (item.kind, item.name) for item in report.deleted
    }
    assert before.session.cloudformation.deleted == [before.env.name, "windsock-toolkit"]
    assert before.session.s3.buckets == {"templates": {}, "code": {}}
    assert {service.desired for service in before.session.ecs.running.values()} == {0}
