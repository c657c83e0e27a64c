"""Another terminal follows a run that changes an environment, until that run ends."""

import json

from deployer.rejoin import rejoin
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.session import Recorder

KEY = "demo/lease.json"
HOLDER = {
    "run": "1",
    "what": "deploy",
    "who": "user/bo",
    "where": "bo@laptop",
    "machine": "another",
    "process": 7,
    "since": "2026-11-28 10:00:00 UTC",
    "reason": "",
}


def _held() -> Running:
    """Return an environment that somebody elsewhere changes."""
    running = Running()
    s3 = running.world.session.s3
    s3.buckets["templates"][KEY] = json.dumps(HOLDER).encode()
    s3.written[KEY] = running.world.session.time.now()
    return running


def test_nothing_to_follow_ends_at_once() -> None:
    """The environment is at rest, and nobody holds its lease."""
    recorder = Recorder()
    assert not rejoin(environment(), Running().world.session.as_session, recorder)
    assert (recorder.phases, recorder.events) == ([], [])


def test_a_run_is_followed_until_its_lease_ends() -> None:
    """It is named once; a holder that says nothing any more has ended."""
    running, recorder = _held(), Recorder()
    before = running.world.session.time.now()
    assert rejoin(environment(), running.world.session.as_session, recorder)
    assert recorder.phases == ["deploy"]
    assert running.world.session.time.now() > before


def test_the_events_of_the_operation_in_progress_are_shown() -> None:
    """From its beginning, also where its run holds no lease any more."""
    running, recorder = Running(), Recorder()
    fake, stack = running.world.session.cloudformation, running.stack
    fake.put("demo", "UPDATE_IN_PROGRESS", parameters=dict(stack.parameters), outputs=dict(stack.outputs))
    # Looks at the bootstrap stack, at the root stack, and again when it is quiet for long.
    fake.on_tick.extend((_nothing, _nothing, lambda: fake.stacks.update(demo=stack)))
    assert rejoin(environment(), running.world.session.as_session, recorder)
    assert [event.status for event in recorder.events] == ["UPDATE_IN_PROGRESS"]


def _nothing() -> None:
    """Let nothing happen."""
