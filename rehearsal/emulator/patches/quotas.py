"""An account has the default quotas: services refuse what is over them, from CloudFormation and from callers.

Sources: rehearsal/emulator/rules/quotas.py has the quotas; tasks: "Amazon ECS service quotas",
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html; the event of a service:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Mapping, Sized
from typing import Any

from ministack.core.responses import new_uuid
from ministack.services import alb, ec2, ecs, efs, rds, secretsmanager

from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.patches.resource_checks import check_creations
from rehearsal.emulator.rules import quotas
from rehearsal.emulator.rules.quotas import Quota

SPOT_PROVIDER = "FARGATE_SPOT"
OF_SERVICE = "service:"
CPU_UNITS = 1024
"""Of one vCPU."""
STORES: Mapping[str, Sized] = {
    "AWS::EC2::VPC": ec2._vpcs,
    "AWS::EC2::InternetGateway": ec2._internet_gateways,
    "AWS::EC2::EIP": ec2._addresses,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": alb._lbs,
    "AWS::RDS::DBInstance": rds._instances,
    "AWS::EFS::FileSystem": efs._file_systems,
    "AWS::SecretsManager::Secret": secretsmanager._secrets,
}
"""Where MiniStack keeps what a quota counts."""

Answering = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Put the quotas in force; this comes before other corrections of the same functions."""
    check_creations(_refuse_one_more)
    for quota in quotas.COUNTED:
        if quota.action:
            rebind_action(ec2, quota.action, _counting(quota))
    for direction in ("Ingress", "Egress"):
        rebind_action(ec2, f"AuthorizeSecurityGroup{direction}", _limiting(egress=direction == "Egress"))
    rebind_action(ec2, "CreateNatGateway", _counting_in_zone)
    rebind_action(ecs, "RunTask", _running)
    rebind(ecs, "_run_task", _placing, takes="data")


def _refuse_one_more(kind: str, _logical_id: str, properties: dict[str, Any]) -> None:
    for quota in quotas.COUNTED:
        if quota.type == kind and _is_reached(quota):
            raise ValueError(quota.refusal)
    if kind == quotas.NAT_GATEWAYS.type and _is_zone_full(str(properties.get("SubnetId", ""))):
        raise ValueError(quotas.NAT_GATEWAYS.refusal)
    if len(quotas.groups_of(kind, properties)) > quotas.GROUPS.value:
        raise ValueError(quotas.GROUPS.refusal)


def _counting(quota: Quota) -> Callable[[Answering], Answering]:
    def correct(answer: Answering) -> Answering:
        def create_within(request: dict[str, Any]) -> Any:
            return _refusal(quota) if _is_reached(quota) else answer(request)

        return create_within

    return correct


def _limiting(*, egress: bool) -> Callable[[Answering], Answering]:
    def correct(answer: Answering) -> Answering:
        def authorize_within(request: dict[str, Any]) -> Any:
            group = ec2._security_groups.get(ec2._p(request, "GroupId"))
            new = ec2._parse_ip_permissions(request, "IpPermissions")
            held = [] if group is None else group["IpPermissionsEgress" if egress else "IpPermissions"]
            added = [rule for rule in new if not any(ec2._rules_match(rule, one) for one in held)]
            if max(quotas.rules_by_family([*held, *added])) > quotas.RULES.value:
                return _refusal(quotas.RULES)
            return answer(request)

        return authorize_within

    return correct


def _counting_in_zone(answer: Answering) -> Answering:
    def create_within(request: dict[str, Any]) -> Any:
        if _is_zone_full(ec2._p(request, "SubnetId")):
            return _refusal(quotas.NAT_GATEWAYS)
        return answer(request)

    return create_within


def _is_zone_full(subnet: str) -> bool:
    """Whether the zone of a subnet has as many NAT gateways as an account may have there."""
    zone = _zone_of(subnet)
    there = [one for one in list(ec2._nat_gateways.values()) if one["State"] != "deleted"]
    return sum(_zone_of(one["SubnetId"]) == zone for one in there) >= quotas.NAT_GATEWAYS.value


def _zone_of(subnet: str) -> str:
    return str((ec2._subnets.get(subnet) or {}).get("AvailabilityZone", ""))


def _running(answer: Answering) -> Answering:
    def run_within(request: dict[str, Any]) -> Any:
        quota, room = _room(request)
        if room < int(request.get("count") or 1):
            return ecs.error_response_json(quota.error, quota.message, 400)
        return answer(request)

    return run_within


def _placing(run: Answering) -> Answering:
    """Let the scheduler of services start as many tasks as there is room for, and tell the service of the others."""

    def place_within(data: dict[str, Any]) -> Any:
        group, wanted = str(data.get("group", "")), int(data.get("count") or 1)
        if not group.startswith(OF_SERVICE):
            return run(data)
        quota, room = _room(data)
        if room >= wanted:
            return run(data)
        _tell(group.removeprefix(OF_SERVICE), data, quota.message)
        if room < 1:
            return ecs.error_response_json(quota.error, quota.message, 400)
        return run({**data, "count": room})

    return place_within


def _tell(name: str, data: Mapping[str, Any], reason: str) -> None:
    words = f"(service {name}) was unable to place a task. Reason: {reason}."
    for service in list(ecs._services.values()):
        cluster = str(service.get("clusterArn", "")).rpartition("/")[2]
        if (service["serviceName"], cluster) != (name, ecs._resolve_cluster_name(data.get("cluster", ""))):
            continue
        if not service["events"] or service["events"][0]["message"] != words:
            service["events"].insert(0, {"id": new_uuid(), "createdAt": ecs._iso(), "message": words})


def _room(request: Mapping[str, Any]) -> tuple[Quota, int]:
    """Return the quota that a request counts against, and how many of its tasks it leaves room for."""
    definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", ""))) or {}
    cpu = int((request.get("overrides") or {}).get("cpu") or definition.get("cpu") or 0)
    strategy = request.get("capacityProviderStrategy") or ()
    spot = any(item["capacityProvider"] == SPOT_PROVIDER and item.get("weight", 0) for item in strategy)
    quota = quotas.SPOT if spot else quotas.ON_DEMAND
    left = quota.value * CPU_UNITS - _used_units(spot=spot)
    return quota, left // cpu if cpu else int(request.get("count") or 1)


def _used_units(*, spot: bool) -> int:
    """Return the CPU units of the tasks that run on Spot, or on demand."""
    return sum(
        int(task.get("cpu") or 0)
        for task in list(ecs._tasks.values())
        if task["lastStatus"] != "STOPPED" and (task.get("capacityProviderName") == SPOT_PROVIDER) == spot
    )


def _is_reached(quota: Quota) -> bool:
    return len(STORES[quota.type]) >= quota.value


def _refusal(quota: Quota) -> Any:
    return ec2._error(quota.error, quota.message, 400)
