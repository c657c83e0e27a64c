"""Finds the ARNs of the resources that a call names, in the formats of the types of its action.

What a call does not name, such as the id of something that it creates, is `*` in the ARN: only policies that allow any
such resource match it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from itertools import product
from types import MappingProxyType

from rehearsal.emulator.iam.api_call import ApiCall
from rehearsal.emulator.iam.reference import Action, ResourceType

PARTITION = "aws"
ANY = "*"
ARN = "arn:"
NEW_SECRET = "-??????"  # noqa: S105  no password
"""What Secrets Manager will add to the name of a secret."""
LOG_STREAM = "arn:${Partition}:logs:${Region}:${Account}:log-group:${LogGroupName}:log-stream:${LogStreamName}"
"""CloudWatch Logs names a stream in every ARN that it asks IAM about, an empty one for a group. Source: its refusals,
such as https://github.com/aws/aws-cdk/issues/22006."""

IDENTIFIERS: Mapping[str, str] = MappingProxyType(
    {
        "AWS::Backup::BackupPlan": "BackupPlanId",
        "AWS::Backup::BackupVault": "BackupVaultName",
        "AWS::CloudFormation::Stack": "StackName",
        "AWS::EC2::EIP": "AllocationId",
        "AWS::EC2::InternetGateway": "InternetGatewayId",
        "AWS::EC2::NatGateway": "NatGatewayId",
        "AWS::EC2::RouteTable": "RouteTableId",
        "AWS::EC2::SecurityGroup": "GroupId",
        "AWS::EC2::Subnet": "SubnetId",
        "AWS::EC2::VPC": "VpcId",
        "AWS::EC2::VPCEndpoint": "VpcEndpointId",
        "AWS::ECR::Repository": "repositoryName",
        "AWS::ECS::Cluster": "cluster",
        "AWS::ECS::TaskDefinition": "family",
        "AWS::EFS::AccessPoint": "AccessPointId",
        "AWS::EFS::FileSystem": "FileSystemId",
        "AWS::IAM::Role": "RoleName",
        "AWS::KMS::Key": "KeyId",
        "AWS::Logs::LogGroup": "logGroupName",
        "AWS::RDS::DBInstance": "DBInstanceIdentifier",
        "AWS::RDS::DBParameterGroup": "DBParameterGroupName",
        "AWS::RDS::DBSubnetGroup": "DBSubnetGroupName",
        "AWS::Route53::RecordSet": "RecordName",
        "AWS::S3::Bucket": "Bucket",
        "AWS::SSM::Parameter": "Name",
        "AWS::Scheduler::Schedule": "Name",
        "AWS::SecretsManager::Secret": "SecretId",
        "AWS::WAFv2::WebACL": "Id",
        "AWS::ServiceDiscovery::PrivateDnsNamespace": "NamespaceId",
        "AWS::ServiceDiscovery::Service": "ServiceId",
    }
)
"""The parameter that has the physical id of a type; other types have an ARN as their id."""


Names = Callable[[str], str]
"""Completes what a call names: a family of task definitions has a newest revision, a stack an id."""

PARAMETERS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AccessPointId": ("AccessPointId", "ResourceId"),
        "BucketName": ("Bucket", "bucketName"),
        "ClusterName": ("cluster", "clusterName", "clusters"),
        "DbInstanceName": ("DBInstanceIdentifier",),
        "FileSystemId": ("FileSystemId", "ResourceId"),
        "GroupName": ("groupName", "ScheduleGroup"),
        "LogGroupName": ("logGroupName", "logGroupNamePrefix"),
        "LogStreamName": ("logStreamName",),
        "NamespaceId": ("NamespaceId",),
        "ObjectName": ("Key",),
        "ParameterGroupName": ("DBParameterGroupName",),
        "ParameterNameWithoutLeadingSlash": ("Name", "Names"),
        "PolicyNameWithPath": ("PolicyName",),
        "RepositoryName": ("repositoryName", "repositoryNames"),
        "RoleNameWithPath": ("RoleName",),
        "ScheduleName": ("Name",),
        "SecretId": ("SecretId", "Name"),
        "SecurityGroupId": ("GroupId",),
        "ServiceName": ("service", "services", "serviceName"),
        "SnapshotName": ("DBSnapshotIdentifier", "FinalDBSnapshotIdentifier"),
        "StackName": ("StackName", "ChangeSetName"),
        "SubnetGroupName": ("DBSubnetGroupName",),
        "TaskDefinitionFamilyName": ("taskDefinition", "family", "taskDefinitions"),
        "TaskId": ("task", "tasks"),
    }
)
"""The parameters of calls that give a variable of an ARN; any other variable is a parameter of its own name."""

ADDED = frozenset({"Id", "TaskDefinitionRevisionNumber", "GroupName"})
"""Variables for what AWS adds to the name in a call."""

OMITTED: Mapping[str, str] = MappingProxyType({"GroupName": "default", "OptionGroupName": f"default:{ANY}"})
"""What a call means that leaves a variable out: the default group of EventBridge Scheduler, and that of RDS for an
engine and its version. https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html,
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithOptionGroups.html"""

IDS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"hostedzone": ("Id", "HostedZoneId"), "namespace": ("Id", "NamespaceId"), "service": ("Id", "ServiceId")}
)
"""The parameters for the id of a type whose variable says no more than that it is one."""


def _linked_role(call: ApiCall) -> str:
    service = (call.values("AWSServiceName") or (ANY,))[0]
    return f"arn:{PARTITION}:iam::{call.account}:role/aws-service-role/{service}/{ANY}"


def _load_balancer(call: ApiCall) -> str:
    return f"arn:{PARTITION}:elasticloadbalancing:{call.region}:{call.account}:loadbalancer/app/{ANY}/{ANY}"


def _web_acl(call: ApiCall) -> str:
    """Return the ARN of a web ACL, whose id CloudFormation has between its name and its scope."""
    if associated := call.values("WebACLArn"):
        return associated[0]
    given = [part for name in ("Id", "Name") for part in call.values(name)]
    name, _, rest = (given or [ANY])[0].partition("|")
    return f"arn:{PARTITION}:wafv2:{call.region}:{call.account}:regional/webacl/{name}/{rest.partition('|')[0] or ANY}"


MADE: Mapping[str, Callable[[ApiCall], str]] = MappingProxyType(
    {
        "elasticloadbalancing:CreateLoadBalancer": _load_balancer,
        "iam:CreateServiceLinkedRole": _linked_role,
        **dict.fromkeys([f"wafv2:{one}WebACL" for one in ("Create", "Delete", "Get", "Update")], _web_acl),
        **dict.fromkeys([f"wafv2:{one}Resource" for one in ("ListTagsFor", "Tag", "Untag")], _web_acl),
    }
)
"""What a call is about, where its ARN has more than the call names, or other types fit too. Sources:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awswafv2.html,
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html,
https://docs.aws.amazon.com/IAM/latest/UserGuide/create-service-linked-role.html"""

OF_BOTH_BALANCERS = frozenset({"elasticloadbalancing:AddTags", "elasticloadbalancing:RemoveTags"})
"""Actions that classic load balancers have too: the data knows the types of those alone. Source:
https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html"""

_VARIABLE = re.compile(r"\$\{(\w+)\}")


Named = tuple[str, ResourceType | None]
"""An ARN and its type."""


def arns_of(call: ApiCall, action: Action, complete: Mapping[str, Names]) -> tuple[Named, ...]:
    """Return the ARNs that a call has to be allowed on, each with its type; `*` for an action without types.

    Args:
        call: the call.
        action: what the reference says of it.
        complete: by the name of a variable, what completes the value that the call gives for it.
    """
    if call.action in MADE:
        return ((MADE[call.action](call), None),)
    if call.action in OF_BOTH_BALANCERS and (tagged := tuple(dict.fromkeys(_arns(call.parameters.values())))):
        return tuple((arn, action.resource_types[0]) for arn in tagged)
    if call.service == "logs":
        return ((_log_arn(call, action), next(iter(action.resource_types), None)),)
    found: list[Named] = []
    for kinds in _alternatives(action):
        named = [(arn, kind) for kind in kinds for arn in _given(call, kind) or _built(call, kind, complete)]
        if not named and kinds[0].is_required:
            named = [(_filled(kinds[0].arn, call, _known(call, kinds[0], complete)), kinds[0])]
        found.extend(named)
    return tuple(dict.fromkeys(found)) or ((ANY, None),)


def _alternatives(action: Action) -> tuple[list[ResourceType], ...]:
    """Return the types of an action; those of one kind, such as `listener/app/` and `listener/net/`, together."""
    groups: dict[str, list[ResourceType]] = {}
    for kind in action.resource_types:
        groups.setdefault(kind.name.partition("/")[0], []).append(kind)
    return tuple(groups.values())


def _log_arn(call: ApiCall, action: Action) -> str:
    """Return the one ARN of a call to CloudWatch Logs."""
    given = call.values("logGroupIdentifier", "resourceArn")
    if given and given[0].startswith(ARN):
        return f"{given[0].removesuffix(':*')}:log-stream:"
    group, stream = (call.values("logGroupName") or ("",))[0], (call.values("logStreamName") or ("",))[0]
    takes_any = not action.resource_types and action.name != "logs:DescribeLogGroups"
    return ANY if takes_any else _filled(LOG_STREAM, call, {"LogGroupName": group, "LogStreamName": stream})


def _given(call: ApiCall, kind: ResourceType) -> tuple[str, ...]:
    """Return the ARNs of a type among the parameters of a call."""
    pattern = _pattern(kind.arn)
    return tuple(dict.fromkeys(arn for arn in _arns(call.parameters.values()) if pattern.fullmatch(arn)))


def _arns(values: object) -> Iterator[str]:
    if isinstance(values, str):
        if values.startswith(ARN) and "|" not in values:  # CloudFormation's ids of some types join several
            yield values
    elif not isinstance(values, Mapping) and hasattr(values, "__iter__"):
        for value in values:
            yield from _arns(value)


def _built(call: ApiCall, kind: ResourceType, complete: Mapping[str, Names]) -> tuple[str, ...]:
    """Return the ARNs of a type from the names in a call; none when it has no name of its own."""
    variables = [name for name in _VARIABLE.findall(kind.arn) if name not in ("Partition", "Region", "Account")]
    if not variables:
        return ()
    values = {name: _values(call, kind, name, complete) for name in variables}
    names = [name for name in variables if values[name]]
    if not _identifies(names, variables):
        return ()
    combinations = product(*(values[name] for name in names))
    return tuple(_filled(kind.arn, call, dict(zip(names, combination, strict=True))) for combination in combinations)


def _known(call: ApiCall, kind: ResourceType, complete: Mapping[str, Names]) -> dict[str, str]:
    """Return the first value of each variable that a call gives."""
    given = {name: _values(call, kind, name, complete) for name in _VARIABLE.findall(kind.arn)}
    return {name: values[0] for name, values in given.items() if values}


def _identifies(named: list[str], variables: list[str]) -> bool:
    """Whether the variables that a call gives say which resource it is; what AWS adds to a name can be missing."""
    return bool(named) and set(variables) - set(named) <= ADDED


def _values(call: ApiCall, kind: ResourceType, variable: str, complete: Mapping[str, Names]) -> tuple[str, ...]:
    names = PARAMETERS.get(variable, (variable,))
    if variable in ("Id", f"{kind.name.capitalize()}Id"):
        names = IDS.get(kind.name, names)
    finish = complete.get(variable, str)
    return tuple(finish(_name(value)) for value in call.values(*names))


def _name(value: str) -> str:
    """Return the name in an ARN, or a name as it is, without a slash before it."""
    return value.rpartition("/")[2] if value.startswith(ARN) else value.removeprefix("/")


def _filled(arn: str, call: ApiCall, values: Mapping[str, str]) -> str:
    """Return an ARN with its variables replaced; a value that holds the next variable too replaces both."""
    known = {"Partition": PARTITION, "Region": call.region, "Account": call.account, **OMITTED, **values}
    filled = _VARIABLE.sub(lambda match: known.get(match[1], ANY), arn)
    for value in values.values():
        for separator in (":", "/"):
            if separator in value:
                filled = filled.replace(f"{value}{separator}{ANY}", value)
    return filled


@cache
def _pattern(arn: str) -> re.Pattern[str]:
    pieces = _VARIABLE.split(arn)
    ends = ["[^:]*" if piece in ("Partition", "Region", "Account") else ".+" for piece in pieces[1::2]]
    fixed = [re.escape(piece) for piece in pieces[::2]]
    return re.compile("".join(piece + end for piece, end in zip(fixed, [*ends, ""], strict=True)))
