"""A release is published once, waited for where Airflow runs, and needs no task."""

from dataclasses import replace

from deployer.plans.deliveries.release import after_deploy, after_push, tasks, upload
from deployer.plans.observed import Observed
from deployer.releases.store import Move, Pointer
from deployer.steps.code.release import AwaitParsed
from deployer.steps.step import Need
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.observed import CODE, deployed

CURRENT = replace(deployed(), pointer=Pointer(moves=(Move(version=CODE.release),), etag="e"))
OLDER = replace(deployed(), pointer=Pointer(moves=(Move(version="older"),), etag="e"))


def test_code_that_is_current_is_not_published_again() -> None:
    """The name of a release is the hash of its content."""
    env = environment()
    assert upload(env, CODE, CURRENT, running=True).need is Need.NO
    assert upload(env, CODE, OLDER, running=True).need is Need.YES
    assert list(tasks(CODE, deployed())) == []


def test_airflow_is_waited_for_only_where_the_release_is_new() -> None:
    """Nothing parses while the services sleep, or what was parsed before."""
    waits = [step.need for step in after_push(environment(), CODE, OLDER) if isinstance(step, AwaitParsed)]
    assert waits == [Need.YES]
    same = [step.need for step in after_push(environment(), CODE, CURRENT) if isinstance(step, AwaitParsed)]
    assert same == [Need.NO]


def test_a_deploy_waits_for_the_parse_unless_nothing_changed() -> None:
    """Services that it has switched on parse the release anew."""

    def waits(observed: Observed, *, running: bool) -> Need:
        (step,) = after_deploy(environment(), CODE, observed, running=running)
        return step.need

    assert waits(OLDER, running=True) is Need.YES
    assert waits(CURRENT, running=False) is Need.YES
    assert waits(CURRENT, running=True) is Need.NO
