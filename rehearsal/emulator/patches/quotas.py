"""An account has the default quotas: services refuse what is over them, from CloudFormation and from callers.

Sources: rehearsal/emulator/rules/quotas.py has the quotas; tasks: "Amazon ECS service quotas",
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Mapping, Sized
from typing import Any

from ministack.services import alb, ec2, ecs, efs, rds
from ministack.services.cloudformation import provisioners, stacks

from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.rules import quotas
from rehearsal.emulator.rules.quotas import Quota

PROVISION = "resource_type logical_id props stack_name"
SPOT_PROVIDER = "FARGATE_SPOT"
CPU_UNITS = 1024
"""Of one vCPU."""
STORES: Mapping[str, Sized] = {
    "AWS::EC2::VPC": ec2._vpcs,
    "AWS::EC2::InternetGateway": ec2._internet_gateways,
    "AWS::EC2::EIP": ec2._addresses,
    "AWS::ElasticLoadBalancingV2::LoadBalancer": alb._lbs,
    "AWS::RDS::DBInstance": rds._instances,
    "AWS::EFS::FileSystem": efs._file_systems,
}
"""Where MiniStack keeps what a quota counts."""

Answering = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Put the quotas in force; this comes before other corrections of the same functions."""
    for module in (provisioners, stacks):
        rebind(module, "_provision_resource", _provisioning, takes=PROVISION)
    for quota in quotas.COUNTED:
        if quota.action:
            rebind_action(ec2, quota.action, _counting(quota))
    for direction in ("Ingress", "Egress"):
        rebind_action(ec2, f"AuthorizeSecurityGroup{direction}", _limiting(egress=direction == "Egress"))
    rebind_action(ecs, "RunTask", _running)


def _provisioning(provision: Callable[..., Any]) -> Callable[..., Any]:
    def provision_within(resource_type: str, logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        for quota in quotas.COUNTED:
            if quota.type == resource_type and _is_reached(quota):
                raise ValueError(quota.refusal)
        if len(quotas.groups_of(resource_type, props)) > quotas.GROUPS.value:
            raise ValueError(quotas.GROUPS.refusal)
        return provision(resource_type, logical_id, props, stack_name)

    return provision_within


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


def _running(answer: Answering) -> Answering:
    def run_within(request: dict[str, Any]) -> Any:
        definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", ""))) or {}
        cpu = (request.get("overrides") or {}).get("cpu") or definition.get("cpu") or 0
        strategy = request.get("capacityProviderStrategy") or ()
        spot = any(item["capacityProvider"] == SPOT_PROVIDER and item.get("weight", 0) for item in strategy)
        quota = quotas.SPOT if spot else quotas.ON_DEMAND
        wanted = int(cpu) * int(request.get("count") or 1)
        if _used_units(spot=spot) + wanted > quota.value * CPU_UNITS:
            return ecs.error_response_json(quota.error, quota.message, 400)
        return answer(request)

    return run_within


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
