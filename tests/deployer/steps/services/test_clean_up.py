"""After a deploy nothing is left that a deletion would stumble over."""

from deployer.steps.services.clean_up import CleanUp
from tests.deployer.fakes.environment import environment
from tests.deployer.fakes.running import Running


def test_revisions_for_one_off_tasks_are_retired() -> None:
    """CloudFormation knows its own revision only."""
    running = Running()
    ecs = running.world.session.ecs
    stray = ecs.register(ecs.definitions["command:1"])
    CleanUp(reason="it would hold up a deletion").execute(running.context, running.facts())
    assert ecs.retired == [stray]


def test_what_deletes_itself_keeps_no_code_in_its_bucket() -> None:
    """CloudFormation empties no bucket."""
    running = Running(env=environment(name="ttl: 3d\nname"))
    running.world.session.s3.put("code", "code/dags/one.py", b"")
    CleanUp(reason="it would hold up a deletion").execute(running.context, running.facts())
    assert running.world.session.s3.buckets["code"] == {}
