"""The file system gets each release unless it has it."""

from dataclasses import replace

import pytest

from deployer.plans.deliveries.efs import (
    after_deploy,
    after_push,
    changes,
    parsed,
    rollback,
    starts_empty,
    tasks,
    upload,
)
from deployer.release.airflow_home import Code, CodeFile
from deployer.release.upload_code import Uploaded
from deployer.releases.manifest import Manifest
from deployer.releases.store import NO_POINTER
from deployer.steps.step import Need
from spec.environment import Environment
from tests.deployer.fakes.environment import World, environment, outputs_of
from tests.deployer.fakes.observed import CODE, absent, deployed

TTL = environment(name="ttl: 3d\nname")
OTHER = Code((CodeFile("dags/one.py", b"x = 2\n"),))


def test_a_sync_is_planned_unless_the_file_system_holds_the_code() -> None:
    """Code of another file system does not count."""
    observed = deployed()
    assert list(tasks(CODE, observed)) == []
    other = replace(observed, state=replace(observed.state, file_system="fs-0"))
    assert [task.need for task in tasks(CODE, other)] == [Need.YES]
    assert [task.need for task in tasks(CODE, absent())] == [Need.YES]


def test_files_of_an_earlier_windsock_are_no_release() -> None:
    """The deploy state says which files lie there, and services wait until the release does."""
    observed = deployed()
    before = replace(observed, state=replace(observed.state, code=CODE.version))
    assert [task.need for task in tasks(CODE, before)] == [Need.YES]
    assert starts_empty(outputs_of(World(), CodeAccessPoint=""))
    assert not starts_empty(outputs_of(World()))


@pytest.mark.parametrize(
    ("env", "code", "need"),
    [(environment(), CODE, Need.NO), (environment(), OTHER, Need.YES), (TTL, CODE, Need.NO), (TTL, OTHER, Need.YES)],
)
def test_a_release_is_published_once(env: Environment, code: Code, need: Need) -> None:
    """The bucket of an environment that deletes itself is empty, and that is no reason."""
    observed = replace(deployed(), pointer=NO_POINTER) if env is TTL else deployed()
    assert upload(env, code, observed, running=True).need is need
    assert changes(OTHER, deployed()) == Uploaded(("dags/one.py",), ("plugins/hello.py",))


def test_only_a_new_release_clears_older_ones_away() -> None:
    """A deploy does so where files of an earlier Windsock are in the bucket."""
    former = replace(deployed(), code={"dags/one.py": "1"})
    assert [step.name for step in after_push(environment(), OTHER, deployed())] == ["parse", "clear"]
    assert [step.name for step in after_push(environment(), CODE, deployed())] == ["parse"]
    assert [step.name for step in after_push(TTL, OTHER, deployed(TTL))] == ["parse"]
    assert [step.name for step in after_deploy(environment(), CODE, former, running=True)] == ["parse", "clear"]
    assert [step.name for step in after_deploy(environment(), CODE, deployed(), running=True)] == ["parse"]
    assert list(after_deploy(TTL, CODE, former, running=True)) == []


def test_a_deploy_waits_for_the_parse_unless_nothing_changed() -> None:
    """Its own containers tell of it, also where those of an earlier Windsock did not."""

    def wait(code: Code, *, running: bool) -> Need:
        return next(after_deploy(environment(), code, deployed(), running=running)).need

    assert wait(OTHER, running=True) is Need.YES
    assert wait(CODE, running=False) is Need.YES
    assert wait(CODE, running=True) is Need.NO


def test_airflow_is_waited_for_where_containers_tell_of_releases() -> None:
    """Those of an earlier Windsock tell nothing, nor may they in an environment that deletes itself."""
    tells = replace(deployed(), reported=True)
    assert parsed(environment(), tells, same=False).need is Need.YES
    assert parsed(environment(), deployed(), same=False).need is Need.NO
    assert parsed(TTL, tells, same=False).need is Need.NO


def test_an_earlier_release_is_synced_unless_the_file_system_leads_to_it() -> None:
    """The deploy state says where the link leads."""
    older = Manifest(release="older", version="older")
    (step,) = rollback(older, deployed())
    assert step.need is Need.YES
    (same,) = rollback(replace(older, release=CODE.release), deployed())
    assert same.need is Need.NO
