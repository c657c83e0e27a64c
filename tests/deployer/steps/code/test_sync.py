"""The code alone reaches the file system unless that holds it, and the deploy state says so afterwards."""

import json

from deployer.steps.code.sync import SyncCode
from deployer.steps.step import Facts, Need
from tests.deployer.fakes.observed import CODE, IMAGE
from tests.deployer.fakes.running import Running, behind


def _run(running: Running, step: SyncCode, **more: object) -> Facts:
    return step.execute(running.context, running.facts(**more))


def test_other_code_is_synced_and_the_database_is_left_alone() -> None:
    """Also a database that another image would migrate."""
    running = Running()
    step = SyncCode.unless_held(CODE.release, differs=True)
    facts = _run(running, step, state=behind(code="older", image="other"))
    assert [definition for definition, _ in running.world.session.ecs.runs] == ["sync:1"]
    assert (facts.synced, facts.state.code, facts.state.image, facts.state.run) == (True, CODE.release, "other", "")
    assert json.loads(running.stored())["code"] == CODE.release


def test_a_new_image_syncs_by_itself() -> None:
    """The deployed definition still names the former one."""
    running = Running()
    _run(running, SyncCode.unless_held(CODE.release, differs=True), state=behind(code="older"), image=IMAGE)
    ((definition, _),) = running.world.session.ecs.runs
    (container,) = running.world.session.ecs.definitions[definition]["containerDefinitions"]
    assert container["image"].endswith(f"@{IMAGE}")


def test_code_that_the_file_system_holds_starts_nothing() -> None:
    """As the plan saw it, or as a look before the task says."""
    for differs, state in ((False, behind(code="older")), (True, behind())):
        running = Running()
        facts = _run(running, SyncCode.unless_held(CODE.release, differs=differs), state=state)
        assert (running.world.session.ecs.runs, facts.synced) == ([], False)
    assert SyncCode.unless_held(CODE.release, differs=False).need is Need.NO
