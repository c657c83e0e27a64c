"""The promises of rehearsal/emulator/patches/task_placement.py, in an emulator."""

from collections import Counter

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
WAIT = ("sleep", "600")


def test_the_tasks_of_a_service_are_spread_over_its_zones(yard: Yard) -> None:
    """Whether ECS starts them one by one or several at once; each says in which zone it is."""
    ecs, cluster = yard.client("ecs"), yard.outputs["Cluster"]
    service = yard.serve(yard.bare_definition("spread", *WAIT), serviceName="spread")
    yard.until(lambda: len(yard.tasks(service)) == 1)
    ecs.update_service(cluster=cluster, service=service, desiredCount=4)
    yard.until(lambda: len(yard.tasks(service)) == 4)
    zones = Counter(task["availabilityZone"] for task in yard.tasks(service))
    yard.dismiss(service)
    assert sorted(zones.values()) == [2, 2]


def test_the_tasks_of_one_call_are_spread_too(yard: Yard) -> None:
    """A call for two answers with two tasks."""
    ecs, cluster = yard.client("ecs"), yard.outputs["Cluster"]
    definition = yard.bare_definition("two", "true")
    started = ecs.run_task(cluster=cluster, taskDefinition=definition, launchType="FARGATE", count=2, **yard.placed)
    assert len({task["availabilityZone"] for task in started["tasks"]}) == 2
    for task in started["tasks"]:
        yard.reached(task["taskArn"], "STOPPED")
