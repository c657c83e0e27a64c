"""Faults that somebody makes by hand in the account, and those for which a deploy fails."""

import json

from acceptance.deploy_principal import USER
from tests.life.diagnosing.fault import Act, Fault
from tests.life.diagnosing.site import Site

RULE, GROUP = "Network/SchedulerToDatabaseIngress", "Network/LoadBalancerSecurityGroup"
BUCKET, LOGS, INSTANCE = "Storage/CodeBucket", "Storage/SchedulerLogGroup", "Database/Instance"
NOT_ALLOWED = {"Effect": "Deny", "Action": "logs:PutRetentionPolicy", "Resource": "*"}
ALLOWED, RETENTION = "[198.51.100.7/32]", "retention_days: 30"


def _revoke(site: Site) -> None:
    ec2 = site.client("ec2")
    (rule,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[site.ids[RULE]])["SecurityGroupRules"]
    site.before[RULE] = rule
    ec2.revoke_security_group_ingress(GroupId=rule["GroupId"], SecurityGroupRuleIds=[site.ids[RULE]])
    site.restart("scheduler")


def _authorize(site: Site) -> None:
    rule = site.before.pop(RULE)
    other = [{"GroupId": rule["ReferencedGroupInfo"]["GroupId"]}]
    port = {"IpProtocol": "tcp", "FromPort": rule["FromPort"], "ToPort": rule["ToPort"], "UserIdGroupPairs": other}
    site.client("ec2").authorize_security_group_ingress(GroupId=rule["GroupId"], IpPermissions=[port])
    site.restart("scheduler")


def _backups(days: int) -> Act:
    def switch(site: Site) -> None:
        site.client("rds").modify_db_instance(
            DBInstanceIdentifier=site.ids[INSTANCE], BackupRetentionPeriod=days, ApplyImmediately=True
        )

    return switch


def _delete_log_group(site: Site) -> None:
    site.client("logs").delete_log_group(logGroupName=site.ids[LOGS])


def _create_log_group(site: Site) -> None:
    site.client("logs").create_log_group(logGroupName=site.ids[LOGS])
    site.restart("scheduler")


def _delete_bucket(site: Site) -> None:
    s3, bucket = site.client("s3"), site.ids[BUCKET]
    versions = s3.list_object_versions(Bucket=bucket)
    for held in (*versions.get("Versions", ()), *versions.get("DeleteMarkers", ())):
        s3.delete_object(Bucket=bucket, Key=held["Key"], VersionId=held["VersionId"])
    s3.delete_bucket(Bucket=bucket)


def _make_bucket(site: Site) -> None:
    s3, bucket = site.client("s3"), site.ids[BUCKET]
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": site.env.aws.region})
    s3.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
    site.push()


def _scale(count: int) -> Act:
    def scale(site: Site) -> None:
        site.client("ecs").update_service(
            cluster=site.cluster, service=site.outputs["SchedulerService"], desiredCount=count
        )

    return scale


def _fill_group(site: Site) -> None:
    ranges = [{"CidrIp": f"192.0.2.{number}/32"} for number in range(59)]
    rules = [{"IpProtocol": "tcp", "FromPort": 80, "ToPort": 80, "IpRanges": ranges}]
    site.client("ec2").authorize_security_group_ingress(GroupId=site.ids[GROUP], IpPermissions=rules)
    site.deploy(_text(site).replace(ALLOWED, "[198.51.100.7/32, 198.51.100.8/32]"))


def _empty_group(site: Site) -> None:
    ec2 = site.client("ec2")
    where = [{"Name": "group-id", "Values": [site.ids[GROUP]]}]
    rules = ec2.describe_security_group_rules(Filters=where)["SecurityGroupRules"]
    added = [one["SecurityGroupRuleId"] for one in rules if str(one.get("CidrIpv4", "")).startswith("192.0.2.")]
    ec2.revoke_security_group_ingress(GroupId=site.ids[GROUP], SecurityGroupRuleIds=added)
    site.deploy(_text(site).replace(ALLOWED, "[198.51.100.7/32, 198.51.100.8/32]"))


def _deny(site: Site) -> None:
    iam, policy = site.client("iam"), {"Version": "2012-10-17", "Statement": [NOT_ALLOWED]}
    iam.put_user_policy(UserName=USER, PolicyName="denied", PolicyDocument=json.dumps(policy))
    key = iam.create_access_key(UserName=USER)["AccessKey"]
    credentials = {"AWS_ACCESS_KEY_ID": key["AccessKeyId"], "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"]}
    site.deploy(_text(site).replace(RETENTION, "retention_days: 60"), **credentials)


def _allow(site: Site) -> None:
    site.client("iam").delete_user_policy(UserName=USER, PolicyName="denied")
    site.deploy(_text(site).replace(RETENTION, "retention_days: 60"))


def _text(site: Site) -> str:
    return site.kept.environment.read_text(encoding="utf-8")


FAULTS = (
    Fault(
        name="closed port",
        planted="somebody revokes SchedulerToDatabaseIngress",
        plant=_revoke,
        take_back=_authorize,
        place="network",
    ),
    Fault(
        name="changed by hand",
        planted="somebody switches the backups of the database off",
        plant=_backups(0),
        take_back=_backups(7),
        closely=True,
    ),
    Fault(
        name="deleted by hand",
        planted="somebody deletes the log group of the scheduler",
        plant=_delete_log_group,
        take_back=_create_log_group,
    ),
    Fault(
        name="deleted by hand", planted="somebody deletes the code bucket", plant=_delete_bucket, take_back=_make_bucket
    ),
    Fault(
        name="switched off",
        planted="somebody sets the scheduler to zero tasks",
        plant=_scale(0),
        take_back=_scale(1),
        place="services.scheduler",
    ),
    Fault(
        name="quota",
        planted="a security group is full when a deploy adds a rule",
        plant=_fill_group,
        take_back=_empty_group,
    ),
    Fault(
        name="right that the deploy lacks",
        planted="whoever deploys may not set the retention of logs",
        plant=_deny,
        take_back=_allow,
        place="aws.cloudformation_role",
    ),
)
