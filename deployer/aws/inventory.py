"""Lists what an account holds in a region, kind by kind: the proof that nothing is left."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of resource and how AWS lists it.

    `items` is the key of the list in the answer, `name` the key of a resource's name in an item (empty when the item
    is the name), `arguments` what the call needs, `ignore` the values, or beginnings of texts, of AWS's own resources.
    """

    label: str
    service: str
    operation: str
    items: str
    name: str = ""
    arguments: tuple[tuple[str, Any], ...] = ()
    ignore: tuple[tuple[str, Any], ...] = ()


class Clients(Protocol):
    """Whatever makes a boto3 client for a service."""

    def client(self, service: str) -> Any:
        """Return the client of a service."""


KINDS: tuple[Kind, ...] = (
    Kind(label="stack", service="cloudformation", operation="describe_stacks", items="Stacks", name="StackName"),
    Kind(label="bucket", service="s3", operation="list_buckets", items="Buckets", name="Name"),
    Kind(
        label="database",
        service="rds",
        operation="describe_db_instances",
        items="DBInstances",
        name="DBInstanceIdentifier",
    ),
    Kind(
        label="database snapshot",
        service="rds",
        operation="describe_db_snapshots",
        items="DBSnapshots",
        name="DBSnapshotIdentifier",
    ),
    Kind(
        label="file system", service="efs", operation="describe_file_systems", items="FileSystems", name="FileSystemId"
    ),
    Kind(
        label="backup vault",
        service="backup",
        operation="list_backup_vaults",
        items="BackupVaultList",
        name="BackupVaultName",
    ),
    Kind(label="cluster", service="ecs", operation="list_clusters", items="clusterArns"),
    Kind(
        label="task definition",
        service="ecs",
        operation="list_task_definitions",
        items="taskDefinitionArns",
        arguments=(("status", "ACTIVE"),),
    ),
    Kind(
        label="image repository",
        service="ecr",
        operation="describe_repositories",
        items="repositories",
        name="repositoryName",
    ),
    Kind(label="secret", service="secretsmanager", operation="list_secrets", items="SecretList", name="Name"),
    Kind(label="log group", service="logs", operation="describe_log_groups", items="logGroups", name="logGroupName"),
    Kind(
        label="load balancer",
        service="elbv2",
        operation="describe_load_balancers",
        items="LoadBalancers",
        name="LoadBalancerName",
    ),
    Kind(
        label="target group",
        service="elbv2",
        operation="describe_target_groups",
        items="TargetGroups",
        name="TargetGroupName",
    ),
    Kind(
        label="network",
        service="ec2",
        operation="describe_vpcs",
        items="Vpcs",
        name="VpcId",
        ignore=(("IsDefault", True),),
    ),
    Kind(
        label="NAT gateway",
        service="ec2",
        operation="describe_nat_gateways",
        items="NatGateways",
        name="NatGatewayId",
        ignore=(("State", "deleted"),),
    ),
    Kind(label="address", service="ec2", operation="describe_addresses", items="Addresses", name="AllocationId"),
    Kind(
        label="security group",
        service="ec2",
        operation="describe_security_groups",
        items="SecurityGroups",
        name="GroupId",
        ignore=(("GroupName", "default"),),
    ),
    Kind(
        label="role",
        service="iam",
        operation="list_roles",
        items="Roles",
        name="RoleName",
        ignore=(("Path", "/aws-service-role/"),),
    ),
    Kind(label="schedule", service="scheduler", operation="list_schedules", items="Schedules", name="Name"),
    Kind(label="parameter", service="ssm", operation="describe_parameters", items="Parameters", name="Name"),
    Kind(
        label="DNS namespace", service="servicediscovery", operation="list_namespaces", items="Namespaces", name="Name"
    ),
)
"""Every kind of resource that an environment makes and that outlives a mistake."""


def inventory(clients: Clients, kinds: Iterable[Kind] = KINDS) -> Iterator[str]:
    """Yield everything of some kinds that exists, as `kind name`."""
    for kind in kinds:
        for item in _items(clients, kind):
            if not any(_is(item[key], value) for key, value in kind.ignore):
                yield f"{kind.label} {item[kind.name] if kind.name else item}"


def _is(value: Any, ignored: Any) -> bool:
    return bool(value.startswith(ignored) if isinstance(value, str) else value == ignored)


def _items(clients: Clients, kind: Kind) -> Iterator[Any]:
    client = clients.client(kind.service)
    arguments = dict(kind.arguments)
    if client.can_paginate(kind.operation):
        for page in client.get_paginator(kind.operation).paginate(**arguments):
            yield from page.get(kind.items, [])
    else:
        yield from getattr(client, kind.operation)(**arguments).get(kind.items, [])
