"""Drift detection reads services, DB instances, networks and load balancers too, and secrets by their ARN.

MiniStack checks none of the former, and takes every secret for deleted: it looks for the ARN among the names.

Sources: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/resource-import-supported-resources.html for the
types, https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/using-cfn-stack-drift.html for the manners: nested
stacks are left out, and only properties count that the template sets.
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import alb, ec2, ecs, efs, rds, secretsmanager
from ministack.services.cloudformation import drift

from rehearsal.emulator.patches.rebinding import rebind

Properties = dict[str, Any]
Reader = Callable[[str, Properties], Properties | None]
"""Returns the properties of a resource as they are, by those of its template; None when it is gone."""

OF_INSTANCE: Mapping[str, str] = {
    "AllocatedStorage": "AllocatedStorage",
    "BackupRetentionPeriod": "BackupRetentionPeriod",
    "DBInstanceClass": "DBInstanceClass",
    "DeletionProtection": "DeletionProtection",
    "MultiAZ": "MultiAZ",
}
OF_SERVICE: Mapping[str, str] = {
    "DesiredCount": "desiredCount",
    "EnableExecuteCommand": "enableExecuteCommand",
    "HealthCheckGracePeriodSeconds": "healthCheckGracePeriodSeconds",
    "TaskDefinition": "taskDefinition",
}
"""The record's name of each property of a type."""

OF_CONDITION: Mapping[str, str] = {"host-header": "HostHeaderConfig", "path-pattern": "PathPatternConfig"}
"""Where the condition of a rule has its values, by what it looks at."""


def apply() -> None:
    """Add the readers."""
    rebind(drift, "_DRIFT_READERS", lambda readers: {**readers, **_readers()}, takes=None)


def _readers() -> dict[str, tuple[Reader, frozenset[str]]]:
    nothing: frozenset[str] = frozenset()
    return {
        "AWS::EC2::SecurityGroup": (_exists(lambda: ec2._security_groups), nothing),
        "AWS::EC2::SecurityGroupEgress": (_has_rule("IpPermissionsEgress"), nothing),
        "AWS::EC2::SecurityGroupIngress": (_has_rule("IpPermissions"), nothing),
        "AWS::EC2::Subnet": (_exists(lambda: ec2._subnets), nothing),
        "AWS::EC2::VPC": (_exists(lambda: ec2._vpcs), nothing),
        "AWS::ECS::Service": (_read_service, frozenset(OF_SERVICE)),
        "AWS::EFS::FileSystem": (_exists(lambda: efs._file_systems), nothing),
        "AWS::ElasticLoadBalancingV2::ListenerRule": (_read_rule, frozenset({"Conditions"})),
        "AWS::ElasticLoadBalancingV2::LoadBalancer": (_exists(lambda: alb._lbs), nothing),
        "AWS::RDS::DBInstance": (_read_instance, frozenset(OF_INSTANCE)),
        "AWS::SecretsManager::Secret": (_read_secret, frozenset({"Description", "Name", "Tags"})),
    }


def _exists(store: Callable[[], Mapping[str, Any]]) -> Reader:
    return lambda physical_id, _: {} if physical_id in store() else None


def _has_rule(direction: str) -> Reader:
    def read(physical_id: str, properties: Properties) -> Properties | None:
        group = ec2._security_groups.get(properties["GroupId"]) or {}
        known = {rule.get("SecurityGroupRuleId") for rule in group.get(direction, [])}
        return {} if physical_id in known else None

    return read


def _read_service(physical_id: str, _: Properties) -> Properties | None:
    found = (one for one in list(ecs._services.values()) if one["serviceArn"] == physical_id)
    service = next((one for one in found if one["status"] == "ACTIVE"), None)
    return None if service is None else _named(OF_SERVICE, service)


def _read_rule(physical_id: str, _: Properties) -> Properties | None:
    rule = alb._rules.get(physical_id)
    if rule is None:
        return None
    return {
        "Conditions": [
            {"Field": one["Field"], OF_CONDITION[one["Field"]]: {"Values": one["Values"]}} for one in rule["Conditions"]
        ]
    }


def _read_instance(physical_id: str, _: Properties) -> Properties | None:
    instance = rds._instances.get(physical_id)
    return None if instance is None else _named(OF_INSTANCE, instance)


def _read_secret(physical_id: str, properties: Properties) -> Properties | None:
    name, secret = secretsmanager._resolve(physical_id)
    if secret is None or secret.get("DeletedDate"):
        return None
    found: Properties | None = drift._read_secret(name, properties)
    return found


def _named(names: Mapping[str, str], record: Mapping[str, Any]) -> Properties:
    return {name: record[key] for name, key in names.items() if key in record}
