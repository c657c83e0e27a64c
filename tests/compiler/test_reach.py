"""What each part must reach is known from the YAML, and so is the way that the network has for it."""

import pytest

from compiler.reach import Reach, reaches
from tests.spec.minimal import ECS, GOOGLE, PYTHON, minimal

QUEUES = f'{PYTHON}, statements: [{{actions: ["sqs:SendMessage", "s3:*", "kinesis:Put*"], resources: ["*"]}}]'

EXISTING = (
    "mode: existing, vpc: vpc-0a1b2c3d, public_addresses: true, task_subnets: [subnet-0000000a, subnet-0000000b], "
)


def _found(mode: str = "", airflow: str = PYTHON, more: str = "") -> dict[tuple[str, str], Reach]:
    env = minimal(f"{PYTHON}}}\nnetwork: {{", f"{airflow}}}\nnetwork: {{{mode}", more=more)
    return {(one.who, one.what): one for one in reaches(env)}


@pytest.mark.parametrize(
    ("mode", "way"),
    [
        ("", "its public address"),
        ("mode: private, ", "NAT gateway"),
        ("mode: endpoints, ", "endpoint of logs"),
        (EXISTING, "the routes of its subnets"),
    ],
)
def test_every_mode_has_a_way_to_what_an_environment_calls(mode: str, way: str) -> None:
    """S3 is past it, unless somebody else made the network."""
    found = _found(mode)
    assert all(one.way for one in found.values())
    assert found["start of a task", "logs"].way == way
    assert found["start of a task", "s3"].way == (way if "existing" in mode else "gateway endpoint")


def test_the_start_of_a_task_needs_image_secrets_and_log_group() -> None:
    """A worker of Airflow 2 too; ECS has no other network than theirs for it."""
    needed = {"ecr.api", "ecr.dkr", "s3", "secretsmanager", "logs"}
    found = _found(airflow=ECS)
    for who in ("start of a task", "start of a worker"):
        assert {what for each, what in found if each == who} == needed
    assert ("scheduler", "ecs") in found


def test_a_service_that_only_dags_call_has_a_way_if_the_yaml_names_it() -> None:
    """By the name of its endpoint, which is not always that in IAM."""
    found = _found("mode: endpoints, services: [sqs], ", QUEUES)
    assert found["scheduler", "sqs"].way == "endpoint of sqs"
    assert found["scheduler", "kinesis-streams"].way == ""
    assert all(one.way for one in _found("mode: private, ", QUEUES).values())


def test_a_mount_and_a_role_that_is_passed_on_are_no_calls() -> None:
    """A mount target stands in the VPC, and IAM is not asked."""
    services = {what for _, what in _found("mode: endpoints, ", ECS)}
    assert services == {"ecr.api", "ecr.dkr", "ecs", "logs", "s3", "secretsmanager", "ssmmessages"}


def test_the_identity_provider_and_the_registry_of_a_database_are_named() -> None:
    """Both are on the internet."""
    assert _found(more=GOOGLE)["webserver", "https://accounts.google.com"].way == "its public address"
    container = 'database: {kind: container, version: "15"}\n'
    assert _found("mode: private, ", more=container)["database", "public.ecr.aws"].way == "NAT gateway"


def test_who_sleeps_until_something_is_due_reaches_its_schedules() -> None:
    """Through endpoints of its own, where no route leads out."""
    found = _found("mode: endpoints, ", more="schedule: {when: due}\n")
    assert found["scheduler", "scheduler"].way == "endpoint of scheduler"
    assert found["scheduler", "cloudformation"].way == "endpoint of cloudformation"
