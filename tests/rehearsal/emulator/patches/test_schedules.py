"""Schedules in a real emulator: they call by the fake clock, as their roles, and what they delete is strictly gone."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from rehearsal.emulator.rules import fake_clock
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from tests.rehearsal.yard import Yard, start

pytestmark = pytest.mark.rehearsal

HOUR = 3600
SECONDS = 30


def _trust(service: str) -> dict[str, Any]:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    return {"Version": "2012-10-17", "Statement": [statement]}


def _role(service: str, *actions: str) -> dict[str, Any]:
    allowed = [{"Effect": "Allow", "Action": action, "Resource": "*"} for action in actions]
    policy = {"PolicyName": "may", "PolicyDocument": {"Version": "2012-10-17", "Statement": allowed}}
    properties = {"AssumeRolePolicyDocument": _trust(service), "Policies": [policy] if allowed else []}
    return {"Type": "AWS::IAM::Role", "Properties": properties}


def _template(expires: float, *actions: str) -> str:
    moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(expires))
    target = {
        "Arn": "arn:aws:scheduler:::aws-sdk:cloudformation:deleteStack",
        "RoleArn": {"Fn::GetAtt": ["Role", "Arn"]},
        "Input": {"Fn::Sub": '{"StackName":"${AWS::StackId}"}'},
    }
    schedule = {
        "Name": {"Ref": "AWS::StackName"},
        "ScheduleExpression": "rate(1 hour)",
        "StartDate": moment,
        "FlexibleTimeWindow": {"Mode": "OFF"},
        "Target": target,
    }
    resources = {
        "Role": _role("scheduler.amazonaws.com", *actions),
        "Schedule": {"Type": "AWS::Scheduler::Schedule", "Properties": schedule},
        "Bucket": {"Type": "AWS::S3::Bucket", "DependsOn": "Schedule"},
    }
    return json.dumps({"Resources": resources, "Outputs": {"Bucket": {"Value": {"Ref": "Bucket"}}}})


class _Sky:
    """An emulator, and its clock."""

    def __init__(self, running: EmulatorSession) -> None:
        self.emulator = running

    def client(self, service: str) -> Any:
        return Yard(self.emulator).client(service)

    def now(self) -> float:
        return fake_clock.now(self.emulator.directory)

    def turn(self, to: float) -> None:
        fake_clock.set_to(self.emulator.directory, to)

    def status(self, stack: str) -> str:
        found = self.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
        return str(found["StackStatus"])

    def reached(self, stack: str, status: str) -> bool:
        deadline = time.monotonic() + SECONDS
        while self.status(stack) != status:
            if time.monotonic() > deadline:
                return False
            time.sleep(0.1)
        return True

    def create(self, name: str, template: str) -> str:
        identity = str(self.client("cloudformation").create_stack(StackName=name, TemplateBody=template)["StackId"])
        assert self.reached(identity, "CREATE_COMPLETE")
        return identity

    def complaint(self, schedule: str) -> str:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            calls = [json.loads(line) for line in fake_clock.calls(self.emulator.directory)]
            if mine := [call for call in calls if call["schedule"] == schedule]:
                return str(mine[-1]["complaint"])
            time.sleep(0.1)
        raise AssertionError(f"{schedule} called nothing")


@pytest.fixture(scope="module")
def sky(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Sky]:
    """An emulator with nothing in it."""
    running = start(tmp_path_factory.mktemp("sky") / "emulator")
    yield _Sky(running)
    emulator_session.stop(running)


def test_a_stack_deletes_itself_when_its_schedule_is_due_and_not_before(sky: _Sky) -> None:
    """The schedule goes with it."""
    expires = sky.now() + 5 * HOUR
    stack = sky.create("brief", _template(expires, "cloudformation:DeleteStack"))
    sky.turn(expires - 10)
    time.sleep(1)
    assert sky.status(stack) == "CREATE_COMPLETE"
    sky.turn(expires + 1)
    assert sky.reached(stack, "DELETE_COMPLETE")
    assert sky.client("scheduler").list_schedules()["Schedules"] == []


def test_a_bucket_that_holds_something_stops_the_deletion_until_the_next_hour(sky: _Sky) -> None:
    """As on AWS; the bucket depends on the schedule, which therefore stays and tries again."""
    expires = sky.now() + 5 * HOUR
    stack = sky.create("full", _template(expires, "cloudformation:DeleteStack"))
    bucket = sky.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["Outputs"][0]["OutputValue"]
    sky.client("s3").put_object(Bucket=bucket, Key="left", Body=b"over")
    sky.turn(expires + 1)
    assert sky.reached(stack, "DELETE_FAILED")
    sky.client("s3").delete_object(Bucket=bucket, Key="left")
    sky.turn(expires + HOUR + 1)
    assert sky.reached(stack, "DELETE_COMPLETE")


def test_a_schedule_whose_role_lacks_permission_changes_nothing(sky: _Sky) -> None:
    """The schedule calls as its role, and a role without the right changes nothing."""
    expires = sky.now() + 5 * HOUR
    stack = sky.create("powerless", _template(expires, "s3:ListAllMyBuckets"))
    sky.turn(expires + 1)
    assert "is not authorized to perform cloudformation:DeleteStack" in sky.complaint("powerless")
    assert sky.status(stack) == "CREATE_COMPLETE"


def test_a_schedule_that_was_moved_calls_later(sky: _Sky) -> None:
    """UpdateSchedule counts from its answer on."""
    expires = sky.now() + 5 * HOUR
    stack = sky.create("moved", _template(expires, "cloudformation:DeleteStack"))
    scheduler = sky.client("scheduler")
    found = scheduler.get_schedule(Name="moved")
    kept = {key: found[key] for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
    scheduler.update_schedule(Name="moved", StartDate=expires + 2 * HOUR, **kept)
    sky.turn(expires + HOUR)
    time.sleep(1)
    assert sky.status(stack) == "CREATE_COMPLETE"
    sky.turn(expires + 2 * HOUR + 1)
    assert sky.reached(stack, "DELETE_COMPLETE")


@pytest.mark.parametrize(
    "wrong",
    [{"StartDate": 1_000_000_000}, {"ScheduleExpression": "every hour"}, {"ScheduleExpressionTimezone": "Mars/Base"}],
)
def test_invalid_schedules_are_refused(sky: _Sky, wrong: dict[str, Any]) -> None:
    """A start long ago, an expression that is none, a time zone that nobody lives in."""
    scheduler = sky.client("scheduler")
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:ecs:updateService", "RoleArn": "arn:aws:iam::123456789012:role/r"}
    request = {"Name": "wrong", "ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}}
    with pytest.raises(scheduler.exceptions.ValidationException):
        scheduler.create_schedule(**{**request, "Target": target, **wrong})
