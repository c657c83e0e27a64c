"""What people notice while CloudFormation changes or replaces a resource, by type and property.

Sources: "Update requires" of each type in the AWS CloudFormation template reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html, and
"Settings for DB instances", https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ModifyInstance.Settings.html.
"""

from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any

SERVICE = "AWS::ECS::Service"

ADDRESS = "its address changes: nobody reaches the site at the old one"
AWAY = "what is behind it cannot be reached until the new one is ready"
MOVED = "everything in it is replaced too: the environment is down meanwhile"

REPLACEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "AWS::EC2::VPC": MOVED,
        "AWS::EC2::Subnet": MOVED,
        "AWS::ECS::Cluster": MOVED,
        "AWS::ECS::Service": "all its tasks end, and new ones start",
        "AWS::ElasticLoadBalancingV2::LoadBalancer": ADDRESS,
        "AWS::ElasticLoadBalancingV2::Listener": AWAY,
        "AWS::ElasticLoadBalancingV2::TargetGroup": AWAY,
        "AWS::ServiceDiscovery::PrivateDnsNamespace": AWAY,
        "AWS::ServiceDiscovery::Service": AWAY,
        "AWS::EFS::MountTarget": "tasks in its subnet lose the file system until the new one is ready",
    }
)
"""Of types whose replacement loses no state, but is noticed."""

QUIET_REPLACEMENTS: Mapping[str, str] = MappingProxyType(
    {
        "AWS::ECS::TaskDefinition": "a new revision",
        "AWS::EC2::SecurityGroupEgress": "a new rule, before the old one goes",
        "AWS::EC2::SecurityGroupIngress": "a new rule, before the old one goes",
        "AWS::EC2::SubnetRouteTableAssociation": "another route table",
        "AWS::RDS::DBParameterGroup": "a new group",
        "AWS::RDS::DBSubnetGroup": "a new group",
        "AWS::Scheduler::Schedule": "a new schedule",
        "AWS::CertificateManager::Certificate": "a new certificate, which has to be validated",
    }
)
"""Of types whose replacement nobody notices by itself; what takes a value of it changes in turn."""

RESTART = "the database restarts: minutes without it, and no task of Airflow starts meanwhile"
INTERRUPTIONS: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        "AWS::RDS::DBInstance": {
            "DBInstanceClass": RESTART,
            "DBParameterGroupName": RESTART,
            "DBSubnetGroupName": RESTART,
            "EngineVersion": RESTART,
            "MasterUserPassword": "Airflow cannot log in until its containers have the new password",
            "Port": RESTART,
        },
    }
)
"""Of properties that change in place, by their first name."""

OVERLAPPING = "its tasks are replaced one after the other; the new ones are healthy before the old ones stop"
STOPPED_FIRST = "its tasks stop before the new ones start: a minute or two without it"
IN_TURN = "its tasks are replaced in turn; at least half of them run meanwhile"
_ROLLING = frozenset(
    {"TaskDefinition", "NetworkConfiguration", "LoadBalancers", "ServiceRegistries", "PlatformVersion",
     "CapacityProviderStrategy", "EnableExecuteCommand", "VolumeConfigurations", "ServiceConnectConfiguration"}
)  # fmt: skip
"""The properties of a service that make ECS deploy it anew.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/update-service-parameters.html"""

_BY_LEAST: Mapping[int | None, str] = MappingProxyType({0: STOPPED_FIRST, 50: IN_TURN})
"""By the percent of its tasks that a service has at least."""


def interruption(type_: str, properties: Mapping[str, Any], changed: Collection[str]) -> str:
    """Return what people notice when the properties `changed` of a resource change in place; empty for nothing."""
    names = {path.partition(".")[0].partition("[")[0] for path in changed}
    if type_ == SERVICE:
        return _of_service(properties) if names & _ROLLING else ""
    noticed = INTERRUPTIONS.get(type_, {})
    return next((sentence for name, sentence in noticed.items() if name in names), "")


def _of_service(properties: Mapping[str, Any]) -> str:
    healthy = properties.get("DeploymentConfiguration", {}).get("MinimumHealthyPercent")
    return _BY_LEAST.get(healthy, OVERLAPPING)
