"""Tasks stop and buckets are emptied, then the stack is deleted, three times at most."""

import pytest

from deployer.record.owned_resources import OwnedResources
from deployer.stacks.rollout import RolloutFailure
from deployer.steps.teardown.delete import DeleteStack, Drain
from tests.deployer.fakes.running import Running

OWNED = OwnedResources(
    clusters=("cluster",),
    services=("arn:aws:ecs:us-west-2:1:service/cluster/Scheduler",),
    buckets=("code", "gone"),
    repositories=("repository",),
)


def test_services_stop_and_buckets_are_emptied_before_the_deletion() -> None:
    """A bucket that is gone already is no error and no item."""
    running = Running()
    running.world.session.ecs.scale("cluster", "Webserver", 0)
    running.world.session.s3.put("code", "code/dags/one.py", b"")
    running.world.session.ecr.images = {"tag": "sha256:1"}
    step = Drain(reason="it would hold up the deletion", owned=OWNED)
    facts = step.execute(running.context, running.facts(owned=OWNED))
    assert [(item.kind, item.name, item.note) for item in facts.report.deleted] == [
        ("objects", "code", "1 versions"),
        ("images", "repository", "1 images"),
    ]
    assert running.world.session.ecs.running["Scheduler"].desired == 0


@pytest.mark.parametrize(("failures", "gone"), [(0, True), (2, True), (3, False)])
def test_a_deletion_is_tried_three_times(failures: int, *, gone: bool) -> None:
    """Then the user has to look."""
    running = Running()
    running.world.session.cloudformation.endings["demo"] = ["DELETE_FAILED"] * failures
    step = DeleteStack(reason="CloudFormation deletes what it made")
    if gone:
        facts = step.execute(running.context, running.facts())
        assert [item.name for item in facts.report.deleted] == ["demo"]
        return
    with pytest.raises(RolloutFailure, match="DELETE_FAILED"):
        step.execute(running.context, running.facts())
