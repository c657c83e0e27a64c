"""What a push decides, case by case, without AWS."""

from dataclasses import replace

import pytest

from deployer.lifetime.ttl import ExpiredRefusal
from deployer.plans.observed import Observed
from deployer.plans.plan import Plan
from deployer.plans.push import plan_push, planned_changes
from deployer.release.airflow_home import Code, CodeFile
from deployer.release.upload_code import Uploaded
from deployer.releases.store import NO_POINTER
from deployer.stacks.preflight import PreflightRefusal
from spec.environment import Environment
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import CODE, absent, deployed, steps_of, with_stack

TTL = environment(name="ttl: 3d\nname")
NEW_DAG = Code((CodeFile("dags/one.py", b"x = 2\n"), CODE.files[1]))
NEW_PLUGIN = Code((CODE.files[0], CodeFile("plugins/hello.py", b"x = 2\n")))


def _plan(observed: Observed, code: Code = CODE, env: Environment | None = None) -> Plan:
    return plan_push(env or environment(), code, observed)


def _to_do(plan: Plan) -> list[str]:
    return [type(step).__name__ for step in plan.steps_to_do]


def test_a_push_of_what_is_there_does_nothing() -> None:
    """Every step says why."""
    plan = _plan(deployed())
    assert _to_do(plan) == []
    assert all(step.reason for step in plan.steps)


def test_a_new_dag_is_uploaded_and_synced_without_a_restart() -> None:
    """Airflow reads DAGs as it goes."""
    plan = _plan(deployed(), NEW_DAG)
    assert _to_do(plan) == ["PublishRelease", "SyncCode", "ClearReleases"]
    assert planned_changes(environment(), NEW_DAG, deployed()) == Uploaded(("dags/one.py",), ())
    assert [task.task for task in plan.tasks] == ["sync"]
    assert plan.code_version == NEW_DAG.version


def test_a_new_plugin_restarts_the_services() -> None:
    """And the deploy state says what they have read."""
    assert _to_do(_plan(deployed(), NEW_PLUGIN)) == [
        *("PublishRelease", "SyncCode", "Restart", "RecordRestart", "ClearReleases")
    ]


def test_a_sleeping_environment_is_not_restarted() -> None:
    """It reads everything when it wakes, so the deploy state says that already."""
    env = environment(name='schedule: {on: "12:00-18:00 Tue", timezone: UTC}\nname')  # it is Monday
    services = tuple(replace(service, desired=0, running=0) for service in deployed().services)
    plan = _plan(replace(deployed(env), services=services), NEW_PLUGIN, env)
    assert _to_do(plan) == ["PublishRelease", "SyncCode", "RecordRestart", "ClearReleases"]
    assert _to_do(_plan(deployed(env), NEW_PLUGIN, env))[2] == "Restart"


def test_an_environment_that_deletes_itself_keeps_no_code_in_its_bucket() -> None:
    """Its empty bucket is no reason for an upload; after a sync it is emptied again."""
    observed = replace(deployed(TTL), pointer=NO_POINTER)
    assert _to_do(_plan(observed, env=TTL)) == ["ClearCode"]
    plan = _plan(observed, NEW_DAG, TTL)
    assert _to_do(plan) == ["PublishRelease", "SyncCode", "ClearCode"]
    assert steps_of(plan)[2] == ("ClearCode", "to do")


def test_an_expired_environment_is_refused() -> None:
    """In one sentence, before anything is uploaded."""
    with pytest.raises(ExpiredRefusal, match="is being deleted"):
        _plan(with_stack(deployed(TTL), status="DELETE_IN_PROGRESS"), env=TTL)


def test_a_push_to_an_environment_that_is_not_deployed_is_refused() -> None:
    """With the next step."""
    with pytest.raises(PreflightRefusal, match="windsock deploy"):
        _plan(absent())


def test_another_account_is_refused() -> None:
    """Both are named."""
    with pytest.raises(PreflightRefusal, match=r"999999999999.*123456789012"):
        _plan(replace(absent(), account="999999999999"))
