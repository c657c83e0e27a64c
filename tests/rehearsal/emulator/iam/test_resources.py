"""The promises of rehearsal/emulator/iam/resources.py."""

from typing import Any

from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.reference import Action, ResourceType
from rehearsal.emulator.iam.resources import arns_of

HERE = "arn:aws:ecs:eu-central-1:123456789012"
FORMAT = "arn:${Partition}:ecs:${Region}:${Account}"
TASK = ResourceType(name="task", arn=f"{FORMAT}:task/${{ClusterName}}/${{TaskId}}", is_required=True)
DEFINITION = ResourceType(
    name="task-definition",
    arn=f"{FORMAT}:task-definition/${{TaskDefinitionFamilyName}}:${{TaskDefinitionRevisionNumber}}",
    is_required=True,
)
BUCKET = ResourceType(name="bucket", arn="arn:${Partition}:s3:::${BucketName}", is_required=False)
POINT = ResourceType(
    name="accesspoint", arn="arn:${Partition}:s3:${Region}:${Account}:accesspoint/${Point}", is_required=False
)


def arns(action: str, *kinds: ResourceType, **parameters: Any) -> list[str]:
    """Return the ARNs of a call of an action with these types."""
    call = ApiCall(action=action, parameters=parameters, region="eu-central-1", account="123456789012")
    complete = {"TaskDefinitionFamilyName": lambda name: "worker:7" if name == "worker" else name}
    return [arn for arn, _ in arns_of(call, Action(name=action, resource_types=kinds), complete)]


def test_an_action_without_types_is_allowed_on_everything_or_not() -> None:
    """IAM has only `*` for it."""
    assert arns("ecr:GetAuthorizationToken") == ["*"]


def test_names_become_arns() -> None:
    """A list of names becomes one ARN for each."""
    assert arns("ecs:DescribeTasks", TASK, cluster="demo", tasks=["a", "b"]) == [
        f"{HERE}:task/demo/a",
        f"{HERE}:task/demo/b",
    ]


def test_arns_of_a_call_are_its_resources() -> None:
    """The cluster may be given by its ARN too."""
    assert arns("ecs:StopTask", TASK, cluster=f"{HERE}:cluster/demo", task=f"{HERE}:task/demo/a") == [
        f"{HERE}:task/demo/a"
    ]
    assert arns("ecs:StopTask", TASK, cluster=f"{HERE}:cluster/demo", task="a") == [f"{HERE}:task/demo/a"]


def test_a_family_means_its_newest_revision() -> None:
    """As in RunTask; a family that is not known has any revision."""
    assert arns("ecs:RunTask", DEFINITION, taskdefinition="worker") == [f"{HERE}:task-definition/worker:7"]
    assert arns("ecs:RunTask", DEFINITION, taskdefinition="other") == [f"{HERE}:task-definition/other:*"]


def test_what_is_not_named_is_any() -> None:
    """Only a policy that allows all such resources allows the call."""
    assert arns("ecs:DescribeTasks", TASK, cluster="demo") == [f"{HERE}:task/demo/*"]


def test_a_type_that_a_call_can_do_without_needs_a_name() -> None:
    """ListBucket is about a bucket or about an access point."""
    assert arns("s3:ListBucket", POINT, BUCKET, bucket="code") == ["arn:aws:s3:::code"]


def test_log_groups_have_the_arns_that_cloudwatch_logs_asks_about() -> None:
    """With a stream at the end, an empty one for what has none."""
    here = "arn:aws:logs:eu-central-1:123456789012:log-group"
    kind = ResourceType(name="log-group", arn="unused", is_required=True)
    given = {"loggroupname": "web", "logstreamname": "web/1"}
    assert arns("logs:PutLogEvents", kind, **given) == [f"{here}:web:log-stream:web/1"]
    assert arns("logs:DescribeLogStreams", kind, loggroupname="web") == [f"{here}:web:log-stream:"]
    assert arns("logs:DescribeLogGroups") == [f"{here}::log-stream:"]


def test_the_role_of_a_service_lies_in_a_path_of_its_own() -> None:
    """The call names the service alone; policies name that path."""
    kind = ResourceType(name="role", arn="unused", is_required=True)
    assert arns("iam:CreateServiceLinkedRole", kind, awsservicename="ecs.amazonaws.com") == [
        "arn:aws:iam::123456789012:role/aws-service-role/ecs.amazonaws.com/*"
    ]


def test_a_schedule_without_a_group_is_in_the_default_one() -> None:
    """CreateSchedule leaves the group out."""
    schedule = ResourceType(
        name="schedule", arn=f"{FORMAT}:schedule/${{GroupName}}/${{ScheduleName}}", is_required=True
    )
    assert arns("scheduler:CreateSchedule", schedule, name="expiry") == [f"{HERE}:schedule/default/expiry"]


def test_an_instance_that_names_no_option_group_has_that_of_its_engine() -> None:
    """RestoreDBInstanceToPointInTime leaves the group out, and nobody may make that one."""
    group = ResourceType(name="og", arn=f"{FORMAT}:og:${{OptionGroupName}}", is_required=True)
    assert arns("rds:RestoreDBInstanceToPointInTime", group) == [f"{HERE}:og:default:*"]


def test_tags_of_a_target_group_are_its_own() -> None:
    """The data has only the type of classic load balancers for the action."""
    classic = ResourceType(
        name="loadbalancer",
        arn="arn:${Partition}:elasticloadbalancing:${Region}:${Account}:loadbalancer/${LoadBalancerName}",
        is_required=True,
    )
    tagged = "arn:aws:elasticloadbalancing:eu-central-1:123456789012:targetgroup/demo/1"
    assert arns("elasticloadbalancing:AddTags", classic, own=tagged) == [tagged]
    assert arns("elasticloadbalancing:AddTags", classic) == [
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:loadbalancer/*"
    ]
