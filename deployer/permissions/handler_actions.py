"""Says which permissions of CloudFormation's resource handlers an environment needs, and which it never does."""

from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from types import MappingProxyType
from typing import Any

from compiler.model.template_set import TemplateSet
from compiler.model.yaml_reader import read_template
from deployer.permissions.reference import handlers

NEVER_NEEDED: Mapping[str, str] = MappingProxyType(
    {
        "amplify:*": "a web ACL stands before a load balancer",
        "apigateway:*": "likewise",
        "apprunner:*": "likewise",
        "appsync:*": "likewise",
        "bedrock-agentcore:*": "likewise",
        "ec2:*VerifiedAccess*": "likewise",
        "elasticloadbalancing:SetWebACL": "IAM spells it SetWebAcl: `BESIDES` has it",
        "payments:*": "no web ACL asks for money",
        "wafv2:*PermissionPolicy": "no group of rules is of another account",
        "backup-storage:Mount": "IAM knows no such action, only MountCapsule",
        "backup:*AccessPolicy": "no vault has a policy",
        "backup:*Notifications": "no vault tells anybody",
        "acm-pca:*": "certificates are of ACM's own authority",
        "cloudformation:*StackPolicy": "no stack has a policy",
        "cloudformation:UpdateTerminationProtection": "no stack has it",
        "cognito-idp:*": "no listener asks Cognito, and no web ACL stands before it",
        "ec2:AssociateAddress": "addresses are those of NAT gateways, which take and leave them themselves",
        "ec2:DisassociateAddress": "likewise",
        "ec2:*NatGatewayAddress": "a NAT gateway has one address",
        "ec2:AcceptAddressTransfer": "no address comes from another account",
        "ec2:*SubnetCidrBlock": "networks have no IPv6",
        "ec2:*VpcEncryptionControl*": "no VPC has it",
        "ec2:*VpnGateway": "an internet gateway is no VPN gateway",
        "ec2:ModifyVpcTenancy": "no VPC has a tenancy",
        "ecr:*RepositoryPolicy": "no repository has a policy",
        "ecs:PutAccountSetting*": "account settings are the owner's",
        "ecs:StopServiceDeployment": "the deployer stops no deployment",
        "elasticfilesystem:*ReplicationConfiguration": "no file system has a replica",
        "elasticfilesystem:DeleteFileSystemPolicy": "every file system has a policy",
        "elasticfilesystem:PutLifecycleConfiguration": "no file system moves files to cheaper storage",
        "elasticfilesystem:UpdateFileSystemProtection": "it belongs to replication",
        "elasticloadbalancing:*CapacityReservation": "no load balancer reserves capacity",
        "elasticloadbalancing:ModifyIpPools": "no load balancer has an address pool",
        "elasticloadbalancing:SetRulePriorities": "a listener has one rule besides its default",
        "elasticloadbalancing:*egisterTargets": "ECS registers targets, with its own role",
        "firehose:*": "log groups are delivered nowhere",
        "iam:DeleteRolePermissionsBoundary": "an administrator lifts a boundary, no deploy does",
        "kms:*": "only for a key of a customer: `needed_by_properties` looks for it",
        "logs:*BearerTokenAuthentication": "no log group has it",
        "logs:*DataProtectionPolicy": "no log group has it",
        "logs:*IndexPolic*": "no log group has it",
        "logs:*KmsKey": "likewise",
        "logs:*LogDelivery": "log groups are delivered nowhere",
        "logs:*LogGroupDeletionProtection": "no log group has it",
        "logs:*ResourcePolic*": "no log group has it",
        "rds:*AutomatedBackupsReplication": "backups stay in the region",
        "rds:*ReadReplica": "no database has a replica",
        "rds:*RoleToDBInstance": "no database has a role",
        "rds:RemoveRoleFromDBInstance": "likewise",
        "s3:*Abac": "no bucket has it",
        "s3:*Analytics*": "no bucket has it",
        "s3:*Accelerate*": "no bucket has it",
        "s3:*Acl": "the owner of a bucket owns its objects: no access control lists",
        "s3:*Cors": "no bucket has it",
        "s3:*CORS": "no bucket has it",
        "s3:*IntelligentTiering*": "no bucket has it",
        "s3:*Inventory*": "no bucket has it",
        "s3:*Logging": "few buckets have it: `needed_by_properties` looks for it",
        "s3:*MetadataTable*": "no bucket has it",
        "s3:*Metrics*": "no bucket has it",
        "s3:*Notification": "no bucket has it",
        "s3:*ObjectLock*": "no bucket has it",
        "s3:*Replication*": "no bucket has it",
        "s3:*Website": "no bucket has it",
        "s3:DeleteBucketEncryption": "IAM has no such action",
        "s3:DeleteBucketLifecycle": "IAM has no such action",
        "s3:DeleteObject": "a handler deletes no objects; the deployer empties buckets",
        "s3:REST.PUT.OBJECT": "IAM has no such action",
        "s3:UpdateBucketMetadata*": "no bucket has it",
        "s3tables:*": "no bucket has tables",
        "secretsmanager:*Replicat*": "secrets stay in the region",
        "servicediscovery:*ServiceAttributes": "no service has attributes",
        "vpc-lattice:*": "no endpoint leads to a service network",
        "vpce:*": "endpoints stay in the region",
    }
)
"""Permissions that handlers name for properties that no template of Windsock has, with the reason, by pattern."""

GRANT = ("kms:CreateGrant", "kms:DescribeKey")
DATA_KEY = ("kms:Decrypt", "kms:GenerateDataKey")

OF_PROPERTIES: Mapping[tuple[str, str], tuple[str, ...]] = MappingProxyType(
    {
        ("AWS::S3::Bucket", "LoggingConfiguration"): ("s3:PutBucketLogging",),
        ("AWS::ECR::Repository", "EncryptionConfiguration"): (*GRANT, "kms:RetireGrant"),
        ("AWS::EFS::FileSystem", "KmsKeyId"): (*GRANT, "kms:GenerateDataKeyWithoutPlaintext"),
        ("AWS::Logs::LogGroup", "KmsKeyId"): ("kms:DescribeKey", "logs:AssociateKmsKey", "logs:DisassociateKmsKey"),
        ("AWS::RDS::DBInstance", "KmsKeyId"): GRANT,
        ("AWS::Backup::BackupVault", "EncryptionKeyArn"): (*GRANT, *DATA_KEY, "kms:RetireGrant"),
        # https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html
        ("AWS::SecretsManager::Secret", "KmsKeyId"): DATA_KEY,
    }
)
"""What handlers call for a property of a type that few environments have."""

KEY = "AWS::KMS::Key"

LOOKS = ("Describe", "Get", "List")

BESIDES: Mapping[str, Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        # https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html and API_DeleteMountTarget.html: EFS works
        # on the interface of a mount target with the rights of whoever asks.
        "AWS::EFS::MountTarget": {
            "create": ("ec2:CreateNetworkInterface", "ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"),
            "update": ("ec2:ModifyNetworkInterfaceAttribute",),
            "delete": ("ec2:DeleteNetworkInterface",),
        },
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancingv2.html
        "AWS::WAFv2::WebACLAssociation": {
            "create": ("elasticloadbalancing:SetWebAcl",),
            "delete": ("elasticloadbalancing:SetWebAcl",),
        },
        # https://docs.aws.amazon.com/cloud-map/latest/dg/security_iam_id-based-policy-examples.html: Cloud Map works on
        # the hosted zone of a namespace with the rights of whoever asks.
        "AWS::ServiceDiscovery::PrivateDnsNamespace": {
            "create": ("route53:ChangeResourceRecordSets",),
            "delete": ("route53:DeleteHostedZone", "route53:GetHostedZone", "route53:ListHostedZonesByName"),
        },
    }
)
"""What a service demands of the caller of a handler besides what the registry names."""


def needed_by(types: Iterable[str], kinds: Iterable[str]) -> frozenset[str]:
    """Return the actions that the handlers of these kinds call for these resource types."""
    kinds = tuple(kinds)
    named = {
        (type_, action)
        for type_ in types
        for table in (handlers(), BESIDES)
        for kind in kinds
        for action in table.get(type_, {}).get(kind, ())
    }
    return frozenset(action for type_, action in named if type_ == KEY or reason_against(action) is None)


def needed_by_properties(templates: TemplateSet) -> frozenset[str]:
    """Return the actions that handlers call for properties that only some templates have."""
    every = (resource for text in templates.files.values() for resource in _resources(text))
    return frozenset(
        action
        for resource in every
        for (type_, name), actions in OF_PROPERTIES.items()
        if resource.get("Type") == type_ and name in resource.get("Properties", {})
        for action in actions
    )


def _resources(text: str) -> Iterable[Mapping[str, Any]]:
    found: Mapping[str, Mapping[str, Any]] = (read_template(text) or {}).get("Resources", {})
    return found.values()


def reason_against(action: str) -> str | None:
    """Return why no environment needs an action that a handler names; None where one does.

    A handler may look at what no template has, so looking at a resource is always allowed.
    """
    service, _, operation = action.partition(":")
    if operation.startswith(LOOKS) and f"{service}:*" not in NEVER_NEEDED:
        return None
    return next((reason for pattern, reason in NEVER_NEEDED.items() if fnmatchcase(action, pattern)), None)
