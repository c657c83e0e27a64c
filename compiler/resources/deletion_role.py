"""The role with which CloudFormation deletes an environment that has expired: what that takes, and no more.

It cannot belong to the stack that it deletes, so the bootstrap stack has it. Its permissions are listed by the type of
resource that needs them; whatever can bear tags must bear the tag of an environment.
"""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from awacs.aws import Action, Allow, Condition, ForAllValuesStringEquals, Null, Statement, StringEquals
from troposphere import Sub
from troposphere.iam import Policy, Role

from compiler.contract import ENVIRONMENT_TAG, SCHEDULE_PREFIX
from compiler.model.stack import StackBuilder
from compiler.resources.policies import EVERYTHING, HERE, document, trust_cloudformation

TAGGED: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AWS::CertificateManager::Certificate": ("acm:DeleteCertificate",),
        "AWS::CloudFormation::Stack": ("cloudformation:DeleteStack",),
        "AWS::EC2::EIP": ("ec2:ReleaseAddress",),
        "AWS::EC2::InternetGateway": ("ec2:DeleteInternetGateway",),
        "AWS::EC2::NatGateway": ("ec2:DeleteNatGateway",),
        "AWS::EC2::Route": ("ec2:DeleteRoute",),
        "AWS::EC2::RouteTable": ("ec2:DeleteRouteTable",),
        "AWS::EC2::SecurityGroup": ("ec2:DeleteSecurityGroup",),
        "AWS::EC2::SecurityGroupEgress": ("ec2:RevokeSecurityGroupEgress",),
        "AWS::EC2::SecurityGroupIngress": ("ec2:RevokeSecurityGroupIngress",),
        "AWS::EC2::Subnet": ("ec2:DeleteSubnet",),
        "AWS::EC2::SubnetRouteTableAssociation": ("ec2:DisassociateRouteTable",),
        "AWS::EC2::VPC": ("ec2:DeleteVpc",),
        "AWS::EC2::VPCEndpoint": ("ec2:DeleteVpcEndpoints",),
        "AWS::EC2::VPCGatewayAttachment": ("ec2:DetachInternetGateway",),
        "AWS::ECR::Repository": ("ecr:DeleteRepository",),
        "AWS::ECS::Cluster": ("ecs:DeleteCluster",),
        "AWS::ECS::Service": ("ecs:DeleteService", "ecs:UpdateService"),
        "AWS::EFS::AccessPoint": ("elasticfilesystem:DeleteAccessPoint",),
        "AWS::EFS::FileSystem": ("elasticfilesystem:DeleteFileSystem",),
        "AWS::EFS::MountTarget": ("elasticfilesystem:DeleteMountTarget",),
        "AWS::ElasticLoadBalancingV2::Listener": ("elasticloadbalancing:DeleteListener",),
        "AWS::ElasticLoadBalancingV2::ListenerRule": ("elasticloadbalancing:DeleteRule",),
        "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elasticloadbalancing:DeleteLoadBalancer",),
        "AWS::ElasticLoadBalancingV2::TargetGroup": ("elasticloadbalancing:DeleteTargetGroup",),
        "AWS::IAM::Role": ("iam:DeleteRole", "iam:DeleteRolePolicy", "iam:DetachRolePolicy"),
        "AWS::Logs::LogGroup": ("logs:DeleteLogGroup",),
        "AWS::RDS::DBInstance": ("rds:DeleteDBInstance",),
        "AWS::RDS::DBParameterGroup": ("rds:DeleteDBParameterGroup",),
        "AWS::RDS::DBSubnetGroup": ("rds:DeleteDBSubnetGroup",),
        "AWS::SSM::Parameter": ("ssm:DeleteParameter",),
        "AWS::SecretsManager::Secret": ("secretsmanager:DeleteSecret",),
        "AWS::ServiceDiscovery::PrivateDnsNamespace": ("servicediscovery:DeleteNamespace",),
        "AWS::ServiceDiscovery::Service": ("servicediscovery:DeleteService",),
    }
)
"""What deletes each type that bears the tag itself, or belongs to something that does.
Source: `handlers.delete.permissions` of the CloudFormation registry schemas, read 2026-11."""

LOOKS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "AWS::CertificateManager::Certificate": ("acm:DescribeCertificate",),
        "AWS::CloudFormation::Stack": ("cloudformation:DescribeStacks",),
        "AWS::EC2::EIP": ("ec2:DescribeAddresses",),
        "AWS::EC2::InternetGateway": ("ec2:DescribeInternetGateways",),
        "AWS::EC2::NatGateway": ("ec2:DescribeNatGateways",),
        "AWS::EC2::RouteTable": ("ec2:DescribeRouteTables",),
        "AWS::EC2::SecurityGroup": ("ec2:DescribeInstances", "ec2:DescribeSecurityGroups"),
        "AWS::EC2::SecurityGroupIngress": ("ec2:DescribeSecurityGroupRules",),
        "AWS::EC2::Subnet": ("ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
        "AWS::EC2::VPC": ("ec2:DescribeVpcs",),
        "AWS::EC2::VPCEndpoint": ("ec2:DescribeVpcEndpoints",),
        "AWS::EC2::VPCGatewayAttachment": ("ec2:DescribeVpnGateways",),
        "AWS::ECS::Cluster": ("ecs:DescribeClusters",),
        "AWS::ECS::Service": ("ecs:DescribeServices",),
        "AWS::ECS::TaskDefinition": ("ecs:DescribeTaskDefinition",),
        "AWS::EFS::AccessPoint": ("elasticfilesystem:DescribeAccessPoints",),
        "AWS::EFS::FileSystem": (
            "elasticfilesystem:DescribeFileSystems",
            "elasticfilesystem:DescribeReplicationConfigurations",
        ),
        "AWS::EFS::MountTarget": ("elasticfilesystem:DescribeMountTargets",),
        "AWS::ElasticLoadBalancingV2::Listener": ("elasticloadbalancing:DescribeListeners",),
        "AWS::ElasticLoadBalancingV2::ListenerRule": ("elasticloadbalancing:DescribeRules",),
        "AWS::ElasticLoadBalancingV2::LoadBalancer": ("elasticloadbalancing:DescribeLoadBalancers",),
        "AWS::ElasticLoadBalancingV2::TargetGroup": ("elasticloadbalancing:DescribeTargetGroups",),
        "AWS::IAM::Role": ("iam:GetRole", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies"),
        "AWS::Logs::LogGroup": ("logs:DescribeLogGroups",),
        "AWS::RDS::DBInstance": ("rds:DescribeDBInstances",),
        "AWS::RDS::DBParameterGroup": ("rds:DescribeDBParameterGroups",),
        "AWS::RDS::DBSubnetGroup": ("rds:DescribeDBSubnetGroups", "rds:ListTagsForResource"),
        "AWS::Route53::RecordSet": (
            "route53:GetChange",
            "route53:GetHostedZone",
            "route53:ListHostedZones",
            "route53:ListResourceRecordSets",
        ),
        "AWS::SecretsManager::Secret": ("secretsmanager:DescribeSecret",),
        "AWS::ServiceDiscovery::PrivateDnsNamespace": (
            "route53:ListHostedZonesByName",
            "servicediscovery:GetNamespace",
            "servicediscovery:GetOperation",
        ),
        "AWS::ServiceDiscovery::Service": ("servicediscovery:GetService",),
    }
)
"""What CloudFormation reads while it deletes; these actions change nothing, on lists or on what is gone."""

ELSEWHERE: Mapping[str, str] = MappingProxyType(
    {
        "AWS::ECS::TaskDefinition": "DeregisterTaskDefinitions",
        "AWS::Route53::RecordSet": "DeleteRecords",
        "AWS::S3::Bucket": "DeleteEmptyBuckets",
        "AWS::S3::BucketPolicy": "DeleteEmptyBuckets",
        "AWS::Scheduler::Schedule": "DeleteSchedules",
    }
)
"""Types that cannot be known by a tag, and the statement that deletes them."""


def add_deletion_role(stack: StackBuilder) -> Role:
    """Add the role; only CloudFormation can assume it."""
    description = "What CloudFormation may do to delete an environment that has expired"
    policy = Policy(PolicyName="DeletionRole", PolicyDocument=document(*_statements()))
    return stack.add(
        Role(
            "DeletionRole",
            Description=description,
            AssumeRolePolicyDocument=trust_cloudformation(),
            Policies=[policy],
        ),
        description,
    )


def _statements() -> Iterable[Statement]:
    tagged = Condition(Null(f"aws:ResourceTag/{ENVIRONMENT_TAG}", "false"))
    yield _allow("DeleteWhatBearsTheTag", _all(TAGGED), [EVERYTHING], tagged)
    yield _allow("LookAround", _all(LOOKS), [EVERYTHING])
    # EFS deletes the interface of a mount target with the rights of whoever asks (DeleteMountTarget, Amazon EFS API
    # reference). The interface bears no tag, and EC2 has no other key by which it could be told from others.
    interfaces = Sub(f"arn:${{AWS::Partition}}:ec2:{HERE}:network-interface/*")
    yield _allow("DeleteInterfacesOfMountTargets", ("ec2:DeleteNetworkInterface",), [interfaces])
    # CloudFormation names buckets after stack and title, and S3 keeps those that hold objects. IAM sees tags of a
    # bucket only where it has attribute-based access control, which buckets of standing environments have not: they
    # could not expire. https://docs.aws.amazon.com/AmazonS3/latest/userguide/buckets-tagging-enable-abac.html
    buckets = Sub("arn:${AWS::Partition}:s3:::*-codebucket-*")
    empty = ("s3:DeleteBucket", "s3:DeleteBucketPolicy", "s3:GetBucketPolicy", "s3:ListBucket")
    yield _allow("DeleteEmptyBuckets", empty, [buckets])
    schedules = Sub(f"arn:${{AWS::Partition}}:scheduler:{HERE}:schedule/default/{SCHEDULE_PREFIX}*")
    yield _allow("DeleteSchedules", ("scheduler:DeleteSchedule", "scheduler:GetSchedule"), [schedules])
    # IAM has no narrower resource for this. Tasks of a deregistered definition go on running.
    yield _allow("DeregisterTaskDefinitions", ("ecs:DeregisterTaskDefinition",), [EVERYTHING])
    tasks = Condition(StringEquals("iam:PassedToService", "ecs-tasks.amazonaws.com"))
    # The registry names it for the deletion of task definitions; nothing that this role may do takes a role.
    yield _allow(
        "NameRolesOfTasks", ("iam:PassRole",), [Sub("arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*")], tasks
    )
    yield from _dns_statements()


def _dns_statements() -> Iterator[Statement]:
    zones = Sub("arn:${AWS::Partition}:route53:::hostedzone/*")
    # The record of a site is an alias of type A. IAM knows its name, but one role expires the environments of an
    # account, whose domains it cannot list: those to come are in no template yet. Zones have no tags in IAM.
    only = {"ChangeResourceRecordSetsActions": ["DELETE"], "ChangeResourceRecordSetsRecordTypes": ["A"]}
    removals = Condition(ForAllValuesStringEquals({f"route53:{key}": values for key, values in only.items()}))
    yield _allow("DeleteRecords", ("route53:ChangeResourceRecordSets",), [zones], removals)
    # Cloud Map deletes the zone of a namespace with the rights of whoever asks; Route 53 keeps zones with records. IAM
    # has no condition key for this action, a tag neither. Source: Service Authorization Reference, Amazon Route 53,
    # https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonroute53.html
    yield _allow("DeleteEmptyZones", ("route53:DeleteHostedZone",), [zones])


def _all(actions: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(sorted({action for named in actions.values() for action in named}))


def _allow(name: str, actions: Iterable[str], resources: list[Any], condition: Condition | None = None) -> Statement:
    more = {"Condition": condition} if condition else {}
    named = [Action(*action.split(":")) for action in actions]
    return Statement(Sid=name, Effect=Allow, Action=named, Resource=resources, **more)
