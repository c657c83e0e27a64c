"""Lists what an account holds in a region, kind by kind: the proof that nothing is left."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True)
class Kind:
    """One kind of resource and how AWS lists it.

    `items` is the key of the list in the answer, `name` the key of a resource's name in an item (empty when the item
    is the name), `arguments` what the call needs, `ignore` the values by which AWS's own resources are told apart.
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
    Kind("stack", "cloudformation", "describe_stacks", "Stacks", "StackName"),
    Kind("bucket", "s3", "list_buckets", "Buckets", "Name"),
    Kind("database", "rds", "describe_db_instances", "DBInstances", "DBInstanceIdentifier"),
    Kind("database snapshot", "rds", "describe_db_snapshots", "DBSnapshots", "DBSnapshotIdentifier"),
    Kind("file system", "efs", "describe_file_systems", "FileSystems", "FileSystemId"),
    Kind("cluster", "ecs", "list_clusters", "clusterArns"),
    Kind("task definition", "ecs", "list_task_definitions", "taskDefinitionArns", arguments=(("status", "ACTIVE"),)),
    Kind("image repository", "ecr", "describe_repositories", "repositories", "repositoryName"),
    Kind("secret", "secretsmanager", "list_secrets", "SecretList", "Name"),
    Kind("log group", "logs", "describe_log_groups", "logGroups", "logGroupName"),
    Kind("load balancer", "elbv2", "describe_load_balancers", "LoadBalancers", "LoadBalancerName"),
    Kind("target group", "elbv2", "describe_target_groups", "TargetGroups", "TargetGroupName"),
    Kind("network", "ec2", "describe_vpcs", "Vpcs", "VpcId", ignore=(("IsDefault", True),)),
    Kind(
        "security group",
        "ec2",
        "describe_security_groups",
        "SecurityGroups",
        "GroupId",
        ignore=(("GroupName", "default"),),
    ),
    Kind("role", "iam", "list_roles", "Roles", "RoleName"),
    Kind("schedule", "scheduler", "list_schedules", "Schedules", "Name"),
    Kind("parameter", "ssm", "describe_parameters", "Parameters", "Name"),
    Kind("DNS namespace", "servicediscovery", "list_namespaces", "Namespaces", "Name"),
)
"""Every kind of resource that an environment makes and that outlives a mistake."""


def inventory(clients: Clients) -> Iterator[str]:
    """Yield everything of `KINDS` that exists, as `kind name`."""
    for kind in KINDS:
        for item in _items(clients, kind):
            if not any(item[key] == value for key, value in kind.ignore):
                yield f"{kind.label} {item[kind.name] if kind.name else item}"


def _items(clients: Clients, kind: Kind) -> Iterator[Any]:
    client = clients.client(kind.service)
    arguments = dict(kind.arguments)
    if client.can_paginate(kind.operation):
        for page in client.get_paginator(kind.operation).paginate(**arguments):
            yield from page.get(kind.items, [])
    else:
        yield from getattr(client, kind.operation)(**arguments).get(kind.items, [])
