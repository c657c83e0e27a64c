"""Schedules in a real emulator: they call by the fake clock, as their roles, and what they delete is strictly gone."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from rehearsal.emulator.rules import fake_clock
from rehearsal.emulator.rules.lag import MOST_LOOKS
from rehearsal.session import emulator_session
from rehearsal.session.emulator_session import EmulatorSession
from tests.rehearsal.yard import Yard, start
from tests.spec.minimal import minimal

pytestmark = pytest.mark.rehearsal

HOUR = 3600
SECONDS = 30
LOOKS = 2 * MOST_LOOKS
NOT_ASSUMED = "The execution role you provide must allow AWS EventBridge Scheduler to assume the role."
REQUEST = {"ScheduleExpression": "rate(1 hour)", "FlexibleTimeWindow": {"Mode": "OFF"}}
DELETE = ("cloudformation:DeleteStack", "iam:*", "s3:*", "scheduler:*")
"""CloudFormation deletes the resources with the rights of the schedule, which names no other role."""
MINISTACK_LOOKS_AFTER_SECONDS = 12
"""MiniStack's own schedules look at the clock every ten seconds."""


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


class _Emulator:
    """An emulator, and its clock."""

    def __init__(self, running: EmulatorSession) -> None:
        self.session = running

    def client(self, service: str) -> Any:
        return Yard(self.session).client(service)

    def now(self) -> float:
        return fake_clock.now(self.session.directory)

    def set_clock(self, to: float) -> None:
        fake_clock.set_to(self.session.directory, to)

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

    def make_role(self, name: str, service: str) -> str:
        trust = json.dumps(_trust(service))
        role = self.client("iam").create_role(RoleName=name, AssumeRolePolicyDocument=trust)["Role"]
        return str(role["Arn"])

    def refusals(self, name: str, role: str) -> int:
        """Return how often a schedule with a role is refused before it is accepted; it is deleted then."""
        scheduler = self.client("scheduler")
        target = {"Arn": "arn:aws:scheduler:::aws-sdk:ecs:updateService", "RoleArn": role}
        for looks in range(LOOKS):
            try:
                scheduler.create_schedule(**{**REQUEST, "Name": name, "State": "DISABLED", "Target": target})
            except scheduler.exceptions.ValidationException as error:
                if NOT_ASSUMED not in str(error):
                    raise
            else:
                scheduler.delete_schedule(Name=name)
                return looks
        return LOOKS

    def called_in_an_hour(self) -> set[str]:
        """Let an hour go by, and return the names of the schedules that have called in it."""
        before = len(fake_clock.calls(self.session.directory))
        self.set_clock(self.now() + HOUR)
        deadline = time.monotonic() + SECONDS
        calls = fake_clock.calls(self.session.directory)
        while len(calls) == before and time.monotonic() < deadline:
            time.sleep(0.1)
            calls = fake_clock.calls(self.session.directory)
        time.sleep(1)  # all of them call in the same moment
        return {str(json.loads(line)["schedule"]) for line in fake_clock.calls(self.session.directory)[before:]}

    def complaint(self, schedule: str) -> str:
        deadline = time.monotonic() + SECONDS
        while time.monotonic() < deadline:
            calls = [json.loads(line) for line in fake_clock.calls(self.session.directory)]
            if mine := [call for call in calls if call["schedule"] == schedule]:
                return str(mine[-1]["complaint"])
            time.sleep(0.1)
        raise AssertionError(f"{schedule} called nothing")


@pytest.fixture(scope="module")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[_Emulator]:
    """Start an emulator with nothing in it."""
    running = start(tmp_path_factory.mktemp("schedules") / "emulator")
    yield _Emulator(running)
    emulator_session.stop(running)


@pytest.fixture(scope="module")
def role(emulator: _Emulator) -> str:
    """Make a role that the scheduler can assume."""
    arn = emulator.make_role("settled", "scheduler.amazonaws.com")
    emulator.refusals("first", arn)
    return arn


def test_a_role_that_was_just_made_is_refused_at_first(emulator: _Emulator) -> None:
    """The first look misses it; made again by the same name, it is as new as before."""
    for _ in range(2):
        arn = emulator.make_role("fresh", "scheduler.amazonaws.com")
        assert 1 <= emulator.refusals("fresh", arn) <= MOST_LOOKS
        assert emulator.refusals("fresh", arn) == 0
        emulator.client("iam").delete_role(RoleName="fresh")


def test_a_role_of_a_complete_stack_has_settled(emulator: _Emulator) -> None:
    """CloudFormation waits for that, so a schedule that somebody adds later is accepted at once."""
    emulator.create("roles", json.dumps({"Resources": {"Role": _role("scheduler.amazonaws.com")}}))
    found = emulator.client("cloudformation").describe_stack_resources(StackName="roles")["StackResources"]
    arn = emulator.client("iam").get_role(RoleName=found[0]["PhysicalResourceId"])["Role"]["Arn"]
    assert emulator.refusals("later", arn) == 0


def test_a_role_that_does_not_trust_the_scheduler_is_always_refused(emulator: _Emulator) -> None:
    """So is one that there is not."""
    distrustful = emulator.make_role("distrustful", "ecs-tasks.amazonaws.com")
    for arn in (distrustful, distrustful.replace("distrustful", "nobody")):
        assert emulator.refusals("distrusted", arn) == LOOKS


def test_a_stack_deletes_itself_when_its_schedule_is_due_and_not_before(emulator: _Emulator) -> None:
    """The schedule goes with it."""
    expires = emulator.now() + 5 * HOUR
    stack = emulator.create("brief", _template(expires, *DELETE))
    emulator.set_clock(expires - 10)
    time.sleep(1)
    assert emulator.status(stack) == "CREATE_COMPLETE"
    emulator.set_clock(expires + 1)
    assert emulator.reached(stack, "DELETE_COMPLETE")
    assert emulator.client("scheduler").list_schedules()["Schedules"] == []


def test_a_bucket_that_holds_something_stops_the_deletion_until_the_next_hour(emulator: _Emulator) -> None:
    """As on AWS; the bucket depends on the schedule, which therefore stays and tries again."""
    expires = emulator.now() + 5 * HOUR
    stack = emulator.create("full", _template(expires, *DELETE))
    bucket = emulator.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]["Outputs"][0][
        "OutputValue"
    ]
    emulator.client("s3").put_object(Bucket=bucket, Key="left", Body=b"over")
    emulator.set_clock(expires + 1)
    assert emulator.reached(stack, "DELETE_FAILED")
    emulator.client("s3").delete_object(Bucket=bucket, Key="left")
    emulator.set_clock(expires + HOUR + 1)
    assert emulator.reached(stack, "DELETE_COMPLETE")


def test_a_schedule_tells_a_topic_if_its_role_may(emulator: _Emulator) -> None:
    """And one that there is; the message is that of the schedule."""
    sns, sqs = emulator.client("sns"), emulator.client("sqs")
    topic, queue = sns.create_topic(Name="on-call")["TopicArn"], sqs.create_queue(QueueName="told")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    missing = topic.replace("on-call", "nobody")
    tries = {"may": (topic, "sns:Publish"), "may-not": (topic, "sns:Subscribe"), "nobody": (missing, "sns:Publish")}
    for name, (to, action) in tries.items():
        expires = emulator.now() + HOUR
        template = json.loads(_template(expires, action))
        template["Resources"]["Schedule"]["Properties"]["Target"] |= {
            "Arn": "arn:aws:scheduler:::aws-sdk:sns:publish",
            "Input": json.dumps({"TopicArn": to, "Message": name}),
        }
        emulator.create(f"tells-{name}", json.dumps(template))
        emulator.set_clock(expires + 1)
        complaint = emulator.complaint(f"tells-{name}")
        assert bool(complaint) == (name != "may"), complaint
    (told,) = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=SECONDS)["Messages"]
    assert json.loads(told["Body"])["Message"] == "may"


@pytest.mark.parametrize(
    ("service", "action", "complaint"),
    [
        ("elasticloadbalancingv2", "elasticloadbalancing:ModifyRule", "RuleNotFound"),
        ("elasticloadbalancingv2", "elasticloadbalancing:CreateRule", "not authorized to perform: elasticload"),
        ("elbv2", "elasticloadbalancing:ModifyRule", "is no universal target"),
    ],
)
def test_a_schedule_calls_a_service_by_its_name_in_the_sdk(
    emulator: _Emulator, service: str, action: str, complaint: str
) -> None:
    """Which is not that of the command line."""
    expires, name = emulator.now() + HOUR, f"{service}-{action.partition(':')[2]}"
    template = json.loads(_template(expires, action))
    rule = (
        "arn:aws:elasticloadbalancing:us-west-2:123456789012:listener-rule/app/a/50dc6c495c0c9188/f2f7dc8efc52/9683b2"
    )
    nobody = {"Field": "host-header", "HostHeaderConfig": {"Values": ["asleep.invalid"]}}
    template["Resources"]["Schedule"]["Properties"]["Target"] |= {
        "Arn": f"arn:aws:scheduler:::aws-sdk:{service}:modifyRule",
        "Input": json.dumps({"RuleArn": rule, "Conditions": [nobody]}),
    }
    emulator.create(name, json.dumps(template))
    emulator.set_clock(expires + 1)
    assert complaint in emulator.complaint(name)


def test_a_schedule_whose_role_lacks_permission_changes_nothing(emulator: _Emulator) -> None:
    """The schedule calls as its role, and a role without the right changes nothing."""
    expires = emulator.now() + 5 * HOUR
    stack = emulator.create("powerless", _template(expires, "s3:ListAllMyBuckets"))
    emulator.set_clock(expires + 1)
    assert "is not authorized to perform: cloudformation:DeleteStack" in emulator.complaint("powerless")
    assert emulator.status(stack) == "CREATE_COMPLETE"


def test_a_schedule_that_was_moved_calls_later(emulator: _Emulator) -> None:
    """UpdateSchedule counts from its answer on."""
    expires = emulator.now() + 5 * HOUR
    stack = emulator.create("moved", _template(expires, *DELETE))
    scheduler = emulator.client("scheduler")
    found = scheduler.get_schedule(Name="moved")
    kept = {key: found[key] for key in ("ScheduleExpression", "FlexibleTimeWindow", "Target")}
    scheduler.update_schedule(Name="moved", StartDate=expires + 2 * HOUR, **kept)
    emulator.set_clock(expires + HOUR)
    time.sleep(1)
    assert emulator.status(stack) == "CREATE_COMPLETE"
    emulator.set_clock(expires + 2 * HOUR + 1)
    assert emulator.reached(stack, "DELETE_COMPLETE")


def test_an_alarm_rings_for_no_service_that_a_deploy_keeps_at_zero(emulator: _Emulator, role: str) -> None:
    """A full hour between two changes of a first deploy stopped the services that it had just started."""
    alarm = compile_environment(minimal(more="schedule: {when: due}\n")).files["alarm.yaml"]
    cloudformation, scheduler = emulator.client("cloudformation"), emulator.client("scheduler")
    given = dict.fromkeys(read_template(alarm)["Parameters"], "something") | {"AlarmRole": role}
    counts = {name for name in given if name.endswith("Count")}
    states: list[tuple[str, int]] = []
    for count in ("0", "2"):
        values = given | dict.fromkeys(counts, count)
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in values.items()]
        put = cloudformation.update_stack if states else cloudformation.create_stack
        put(StackName="alarm", TemplateBody=alarm, Parameters=parameters)
        assert emulator.reached("alarm", "UPDATE_COMPLETE" if states else "CREATE_COMPLETE")
        found = scheduler.get_schedule(Name="windsock-demo-scheduler-on")
        states.append((found["State"], json.loads(found["Target"]["Input"])["DesiredCount"]))
        called = emulator.called_in_an_hour()
        assert "windsock-demo-database-on" in called
        assert ("windsock-demo-scheduler-on" in called) == (count != "0")
    assert states == [("DISABLED", 0), ("ENABLED", 2)]
    cloudformation.delete_stack(StackName="alarm")


def test_the_real_clock_calls_nothing(emulator: _Emulator, role: str) -> None:
    """A moment that the fake clock has left behind never comes again, though this machine's clock reaches it."""
    sqs, scheduler = emulator.client("sqs"), emulator.client("scheduler")
    emulator.set_clock(emulator.now() + HOUR)
    queue = sqs.create_queue(QueueName="due")["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    scheduler.create_schedule(
        Name="by-the-real-clock",
        ScheduleExpression=time.strftime("at(%Y-%m-%dT%H:%M:%S)", time.gmtime()),
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": arn, "RoleArn": role, "Input": "{}"},
    )
    waited = sqs.receive_message(QueueUrl=queue, WaitTimeSeconds=MINISTACK_LOOKS_AFTER_SECONDS)
    assert "Messages" not in waited
    scheduler.delete_schedule(Name="by-the-real-clock")


@pytest.mark.parametrize(
    "wrong",
    [{"StartDate": 1_000_000_000}, {"ScheduleExpression": "every hour"}, {"ScheduleExpressionTimezone": "Mars/Base"}],
)
def test_invalid_schedules_are_refused(emulator: _Emulator, role: str, wrong: dict[str, Any]) -> None:
    """A start long ago, an expression that is none, a time zone that nobody lives in."""
    scheduler = emulator.client("scheduler")
    target = {"Arn": "arn:aws:scheduler:::aws-sdk:ecs:updateService", "RoleArn": role}
    request = {**REQUEST, "Name": "wrong"}
    with pytest.raises(scheduler.exceptions.ValidationException):
        scheduler.create_schedule(**{**request, "Target": target, **wrong})
    valid = {**request, "Name": "valid", "State": "DISABLED", "Target": target}
    scheduler.create_schedule(**valid)
    with pytest.raises(scheduler.exceptions.ValidationException):
        scheduler.update_schedule(**{**valid, **wrong})
    scheduler.delete_schedule(Name="valid")
