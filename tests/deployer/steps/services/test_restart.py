"""Services restart when they have read something else, unless this run has started them."""

import json
from dataclasses import replace

import pytest

from deployer.health.verify import UnhealthyRefusal
from deployer.steps.services.restart import RecordRestart, Restart, restart_version, secrets_in
from deployer.steps.step import Need
from tests.deployer.fakes.observed import CODE
from tests.deployer.fakes.running import Running, behind

VERSION = CODE.restart_version
OLDER = behind(restart="older")


@pytest.mark.parametrize(
    ("need", "started", "older", "restarts"),
    [
        (Need.YES, False, True, True),
        (Need.UNKNOWN, False, True, True),
        (Need.UNKNOWN, False, False, False),
        (Need.YES, True, True, False),
        (Need.NO, False, True, False),
    ],
)
def test_services_restart_only_for_what_they_have_not_read(
    need: Need, *, started: bool, older: bool, restarts: bool
) -> None:
    """Tasks that this run has started have read it; those of a sleeping environment will."""
    running = Running()
    step = Restart(need=need, reason="plugins are new", version=VERSION)
    facts = running.facts(started=started, **({"state": OLDER} if older else {}))
    assert step.execute(running.context, facts).restarted is restarts
    assert bool(running.world.session.ecs.redeployed) is restarts
    assert running.progress.phases == ["restart"] * restarts
    assert len(running.progress.notes) == restarts


def test_a_restart_that_fails_is_done_again_for_the_former_code_too() -> None:
    """Some tasks have read the new one: the state names none, and keeps the secrets."""
    running = Running()
    ecs = running.world.session.ecs
    ecs.running["Webserver"] = replace(ecs.running["Webserver"], rollout="FAILED")
    step = Restart(need=Need.YES, reason="webserver_config.py is new", version=restart_version(VERSION, "abc"))
    with pytest.raises(UnhealthyRefusal):
        step.execute(running.context, running.facts(state=behind(restart=restart_version("older", "abc"))))
    noted = json.loads(running.stored())["restart"]
    assert noted != restart_version("older", "abc")
    assert secrets_in(noted) == "abc"


def test_the_deploy_state_says_what_was_read() -> None:
    """And is not written when it says so already."""
    running = Running()
    step = RecordRestart(need=Need.YES, reason="services read it", version=VERSION)
    step.execute(running.context, running.facts())
    assert running.world.session.parameters.writes == []
    facts = step.execute(running.context, running.facts(state=OLDER))
    assert facts.state.restart == json.loads(running.stored())["restart"] == VERSION


def test_a_version_has_code_and_secrets() -> None:
    """A push changes the one and keeps the other; without secrets it is that of the code."""
    assert restart_version(VERSION, "") == CODE.restart_version
    version = restart_version(VERSION, "abc")
    assert version != CODE.restart_version
    assert (secrets_in(version), secrets_in(CODE.restart_version)) == ("abc", "")
