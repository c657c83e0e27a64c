"""Lists every call that the deployer itself makes to AWS, with its IAM actions and what it is made for."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType


class Purpose(StrEnum):
    """What somebody does with an environment."""

    DEPLOY = "deploy"
    PUSH = "push"
    WATCH = "watch"
    TEARDOWN = "teardown"


_D, _P, _W, _T = Purpose
_ALL = frozenset(Purpose)
_CHANGE = frozenset({_D, _P, _T})

CALLS: Mapping[str, tuple[tuple[str, ...], frozenset[Purpose]]] = MappingProxyType(
    {
        "acm.describe_certificate": (("acm:DescribeCertificate",), frozenset({_W})),
        "cloudformation.continue_update_rollback": (("cloudformation:ContinueUpdateRollback",), frozenset({_D, _T})),
        "cloudformation.create_change_set": (("cloudformation:CreateChangeSet",), frozenset({_D, _T})),
        "cloudformation.delete_change_set": (("cloudformation:DeleteChangeSet",), frozenset({_D, _T})),
        "cloudformation.delete_stack": (("cloudformation:DeleteStack",), frozenset({_D, _T})),
        "cloudformation.describe_change_set": (("cloudformation:DescribeChangeSet",), frozenset({_D, _T})),
        "cloudformation.describe_events": (("cloudformation:DescribeEvents",), frozenset({_D, _T})),
        "cloudformation.describe_stack_events": (("cloudformation:DescribeStackEvents",), _ALL),
        "cloudformation.describe_stacks": (("cloudformation:DescribeStacks",), _ALL),
        "cloudformation.describe_stack_drift_detection_status": (
            ("cloudformation:DescribeStackDriftDetectionStatus",),
            frozenset({_D, _W}),
        ),
        "cloudformation.describe_stack_resource_drifts": (
            ("cloudformation:DescribeStackResourceDrifts",),
            frozenset({_D, _W}),
        ),
        # "Considerations when detecting drift" names the two others, and the permission to read every resource:
        # https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html
        "cloudformation.detect_stack_drift": (
            (
                "cloudformation:DetectStackDrift",
                "cloudformation:DetectStackResourceDrift",
                "cloudformation:BatchDescribeTypeConfigurations",
            ),
            frozenset({_D, _W}),
        ),
        "cloudformation.execute_change_set": (("cloudformation:ExecuteChangeSet",), frozenset({_D, _T})),
        "cloudformation.get_template": (("cloudformation:GetTemplate",), frozenset({_D, _W, _T})),
        "cloudformation.list_exports": (("cloudformation:ListExports",), frozenset({_D})),
        "cloudformation.list_imports": (("cloudformation:ListImports",), frozenset({_D, _W, _T})),
        "cloudformation.list_stack_resources": (("cloudformation:ListStackResources",), _ALL),
        "ec2.describe_addresses": (("ec2:DescribeAddresses",), frozenset({_D})),
        "ec2.describe_availability_zones": (("ec2:DescribeAvailabilityZones",), frozenset({_D, _T})),
        "ec2.describe_internet_gateways": (("ec2:DescribeInternetGateways",), frozenset({_D})),
        "ec2.describe_security_group_rules": (("ec2:DescribeSecurityGroupRules",), frozenset({_D, _W})),
        "ec2.describe_route_tables": (("ec2:DescribeRouteTables",), frozenset({_D})),
        "ec2.describe_subnets": (("ec2:DescribeSubnets",), frozenset({_D, _T})),
        "ec2.describe_vpc_attribute": (("ec2:DescribeVpcAttribute",), frozenset({_D})),
        "ec2.describe_vpc_endpoints": (("ec2:DescribeVpcEndpoints",), frozenset({_D})),
        "ec2.describe_vpcs": (("ec2:DescribeVpcs",), frozenset({_D})),
        "ecr.batch_delete_image": (("ecr:BatchDeleteImage",), frozenset({_T})),
        "ecr.describe_images": (("ecr:DescribeImages",), frozenset({_D})),
        "ecr.get_authorization_token": (("ecr:GetAuthorizationToken",), frozenset({_D})),
        "ecr.list_images": (("ecr:ListImages",), frozenset({_T})),
        "ecs.delete_task_definitions": (("ecs:DeleteTaskDefinitions",), frozenset({_T})),
        "ecs.deregister_task_definition": (("ecs:DeregisterTaskDefinition",), _CHANGE),
        "ecs.describe_services": (("ecs:DescribeServices",), _ALL),
        "ecs.describe_task_definition": (("ecs:DescribeTaskDefinition",), _ALL),
        "ecs.describe_tasks": (("ecs:DescribeTasks",), _ALL),
        "ecs.execute_command": (("ecs:ExecuteCommand",), frozenset({_W})),
        "ecs.list_task_definitions": (("ecs:ListTaskDefinitions",), _CHANGE),
        "ecs.list_tasks": (("ecs:ListTasks",), _ALL),
        "ecs.register_task_definition": (
            ("ecs:RegisterTaskDefinition", "ecs:TagResource", "iam:PassRole"),
            frozenset({_D}),
        ),
        "ecs.run_task": (("ecs:RunTask", "ecs:TagResource", "iam:PassRole"), frozenset({_D, _P, _W})),
        "ecs.stop_task": (("ecs:StopTask",), _ALL),
        "ecs.update_service": (("ecs:UpdateService",), _CHANGE),
        "efs.describe_file_systems": (("elasticfilesystem:DescribeFileSystems",), frozenset({_D})),
        "elbv2.describe_load_balancers": (("elasticloadbalancing:DescribeLoadBalancers",), frozenset({_D})),
        "elbv2.describe_rules": (("elasticloadbalancing:DescribeRules",), frozenset({_D, _P})),
        "elbv2.describe_target_health": (("elasticloadbalancing:DescribeTargetHealth",), frozenset({_D, _P, _W})),
        "elbv2.modify_load_balancer_attributes": (
            ("elasticloadbalancing:ModifyLoadBalancerAttributes",),
            frozenset({_D, _T}),
        ),
        "elbv2.modify_rule": (("elasticloadbalancing:ModifyRule",), frozenset({_D, _P})),
        "iam.create_service_linked_role": (("iam:CreateServiceLinkedRole",), frozenset({_D})),
        "iam.get_role": (("iam:GetRole",), frozenset({_D, _W})),
        "kms.describe_key": (("kms:DescribeKey",), frozenset({_D})),
        "kms.get_key_policy": (("kms:GetKeyPolicy",), frozenset({_D})),
        "logs.delete_log_group": (("logs:DeleteLogGroup",), frozenset({_T})),
        "logs.describe_log_groups": (("logs:DescribeLogGroups",), frozenset({_D, _W, _T})),
        "logs.filter_log_events": (("logs:FilterLogEvents",), frozenset({_W})),
        "logs.get_log_events": (("logs:GetLogEvents",), _ALL),
        "logs.put_retention_policy": (("logs:PutRetentionPolicy",), frozenset({_D})),
        "rds.create_db_snapshot": (("rds:CreateDBSnapshot", "rds:AddTagsToResource"), frozenset({_D})),
        "rds.describe_db_instance_automated_backups": (("rds:DescribeDBInstanceAutomatedBackups",), frozenset({_D})),
        "rds.describe_db_instances": (("rds:DescribeDBInstances",), _ALL),
        "rds.describe_db_snapshots": (("rds:DescribeDBSnapshots",), frozenset({_D, _T})),
        "rds.modify_db_instance": (("rds:ModifyDBInstance",), frozenset({_D, _T})),
        "rds.start_db_instance": (("rds:StartDBInstance",), _CHANGE),
        "s3.abort_multipart_upload": (("s3:AbortMultipartUpload",), _CHANGE),
        "s3.delete_objects": (("s3:DeleteObject", "s3:DeleteObjectVersion"), _CHANGE),
        "s3.get_object": (("s3:GetObject",), _ALL),
        "s3.head_bucket": (("s3:ListBucket",), frozenset({_D, _W, _T})),
        "s3.list_multipart_uploads": (("s3:ListBucketMultipartUploads",), _CHANGE),
        "s3.list_object_versions": (("s3:ListBucketVersions",), _CHANGE),
        "s3.list_objects_v2": (("s3:ListBucket",), _ALL),
        "s3.put_object": (("s3:PutObject",), _CHANGE),
        "scheduler.get_schedule": (("scheduler:GetSchedule",), _ALL),
        "scheduler.update_schedule": (("scheduler:UpdateSchedule", "iam:PassRole"), frozenset({_D})),
        "secretsmanager.create_secret": (
            ("secretsmanager:CreateSecret", "secretsmanager:TagResource"),
            frozenset({_D}),
        ),
        "secretsmanager.delete_secret": (("secretsmanager:DeleteSecret",), frozenset({_D, _T})),
        "secretsmanager.describe_secret": (("secretsmanager:DescribeSecret",), frozenset({_D, _W, _T})),
        "secretsmanager.get_secret_value": (("secretsmanager:GetSecretValue",), frozenset({_D, _P, _W})),
        "secretsmanager.list_secrets": (("secretsmanager:ListSecrets",), frozenset({_D, _W, _T})),
        "secretsmanager.put_secret_value": (("secretsmanager:PutSecretValue",), frozenset({_D})),
        "secretsmanager.restore_secret": (("secretsmanager:RestoreSecret",), frozenset({_D})),
        "service-quotas.get_service_quota": (("servicequotas:GetServiceQuota",), frozenset({_D, _W})),
        "ssm.describe_parameters": (("ssm:DescribeParameters",), frozenset({_D, _W})),
        "ssm.get_parameter": (("ssm:GetParameter",), _ALL),
        "ssm.put_parameter": (("ssm:PutParameter",), _CHANGE),
        "ssm.start_session": (("ssm:StartSession",), frozenset({_W})),
        "ssm.terminate_session": (("ssm:TerminateSession",), frozenset({_W})),
        # GetCallerIdentity needs no permission: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
        "sts.get_caller_identity": ((), _ALL),
    }
)
"""Actions and purposes of each call of boto3, by service and method."""

ONLY_WITH: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        type_: frozenset(
            action
            for call, (actions, _) in CALLS.items()
            if call.startswith(f"{service}.") and not call.startswith(f"{service}.describe_")
            for action in actions
        )
        for type_, service in (("AWS::RDS::DBInstance", "rds"), ("AWS::S3::Bucket", "s3"))
    }
)
"""Actions that only templates with a resource of a type need."""

PUSHES_IMAGES = (
    "ecr:BatchCheckLayerAvailability",
    "ecr:BatchGetImage",
    "ecr:CompleteLayerUpload",
    "ecr:InitiateLayerUpload",
    "ecr:PutImage",
    "ecr:UploadLayerPart",
)
"""What docker or podman calls with the login that `deploy` gives it. Source:
https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-push-iam.html"""


def own_actions(purposes: Iterable[Purpose]) -> frozenset[str]:
    """Return the actions that the deployer needs for its own calls."""
    wanted = frozenset(purposes)
    own = {action for actions, made_for in CALLS.values() if wanted & made_for for action in actions}
    return frozenset(own | {*(PUSHES_IMAGES if Purpose.DEPLOY in wanted else ())})


OF_NETWORKS: Mapping[Purpose, frozenset[str]] = MappingProxyType(
    {
        Purpose.DEPLOY: frozenset(
            {
                "cloudformation.continue_update_rollback",
                "cloudformation.create_change_set",
                "cloudformation.delete_change_set",
                "cloudformation.delete_stack",
                "cloudformation.describe_change_set",
                "cloudformation.describe_events",
                "cloudformation.describe_stack_events",
                "cloudformation.describe_stacks",
                "cloudformation.execute_change_set",
                "cloudformation.get_template",
                "cloudformation.list_imports",
                "cloudformation.list_stack_resources",
                "ec2.describe_addresses",
                "ec2.describe_availability_zones",
                "ec2.describe_internet_gateways",
                "ec2.describe_vpcs",
                "elbv2.describe_load_balancers",
                "elbv2.modify_load_balancer_attributes",
                "iam.create_service_linked_role",
                "iam.get_role",
                "s3.abort_multipart_upload",
                "s3.delete_objects",
                "s3.head_bucket",
                "s3.list_multipart_uploads",
                "s3.list_object_versions",
                "s3.list_objects_v2",
                "service-quotas.get_service_quota",
            }
        ),
        Purpose.WATCH: frozenset(
            {"cloudformation.describe_stacks", "cloudformation.get_template", "cloudformation.list_imports"}
        ),
        Purpose.TEARDOWN: frozenset(
            {
                "cloudformation.delete_stack",
                "cloudformation.describe_stack_events",
                "cloudformation.describe_stacks",
                "cloudformation.list_imports",
            }
        ),
    }
)
"""Calls for a network, by what somebody does with it: nobody pushes code to one."""


def network_actions(purposes: Iterable[Purpose]) -> frozenset[str]:
    """Return the actions that the deployer needs for its own calls about a network."""
    calls = {call for purpose in purposes for call in OF_NETWORKS.get(purpose, ())}
    return frozenset(action for call in calls for action in CALLS[call][0])
