"""Deletes parts of a kept environment by hand, as somebody does in the console."""

from collections.abc import Iterator

from tests.life.kept import Kept

DELETED = (
    "Network/SchedulerToDatabaseIngress",
    "Secrets/WebserverSecretKey",
    "Storage/CodeBucket",
    "Storage/SchedulerLogGroup",
    "Platform/WorkerRole",
    "Services/TriggererService",
)
"""The logical paths of what goes: one of each type that `status` looks for."""


def resources(kept: Kept, stack: str, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield logical path and physical id of everything in a stack and its nested stacks."""
    pages = kept.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    for one in (one for page in pages for one in page["StackResourceSummaries"]):
        own = f"{path}{one['LogicalResourceId']}"
        if one["ResourceType"] == "AWS::CloudFormation::Stack":
            yield from resources(kept, one["PhysicalResourceId"], f"{own}/")
        else:
            yield own, one["PhysicalResourceId"]


def delete_by_hand(kept: Kept, stack: str) -> None:
    """Delete what `DELETED` names."""
    ids = dict(resources(kept, stack))
    rule, secret, bucket, group, role, service = (ids[path] for path in DELETED)
    ec2, s3, iam = kept.client("ec2"), kept.client("s3"), kept.client("iam")
    (known,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[rule])["SecurityGroupRules"]
    ec2.revoke_security_group_ingress(GroupId=known["GroupId"], SecurityGroupRuleIds=[rule])
    kept.client("secretsmanager").delete_secret(SecretId=secret, ForceDeleteWithoutRecovery=True)
    versions = s3.list_object_versions(Bucket=bucket)
    for held in (*versions.get("Versions", ()), *versions.get("DeleteMarkers", ())):
        s3.delete_object(Bucket=bucket, Key=held["Key"], VersionId=held["VersionId"])
    s3.delete_bucket(Bucket=bucket)
    kept.client("logs").delete_log_group(logGroupName=group)
    for name in iam.list_role_policies(RoleName=role)["PolicyNames"]:
        iam.delete_role_policy(RoleName=role, PolicyName=name)
    for policy in iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=role, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=role)
    kept.client("ecs").delete_service(cluster=service.split("/")[1], service=service.split("/")[2], force=True)
