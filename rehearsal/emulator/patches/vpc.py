"""Security groups and routes decide: every address of the emulator is an interface in MiniStack's VPCs.

MiniStack keeps groups, rules, routes and subnets, and lets everything through.
"""
# ruff: noqa: SLF001  what needs correcting is not public

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import alb, ec2, ecs, rds

from rehearsal.emulator.context import Context
from rehearsal.emulator.networking.interfaces import HTTPS, Flow, Interface, Placement
from rehearsal.emulator.networking.network import GATEWAY
from rehearsal.emulator.networking.packet_filter import FORGET_SECONDS, Attempt, PacketFilter
from rehearsal.emulator.networking.reachability import AWS_ADDRESS, End, InterfaceEndpoint, Reachability
from rehearsal.emulator.networking.security_rules import rules_of
from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.patches.routes import service_of, subnet_of
from rehearsal.emulator.rules.flow_log import FlowLog, Passed
from rehearsal.emulator.rules.refusals import Kind, Refusal, record

RULE_ACTIONS = tuple(
    f"{verb}SecurityGroup{direction}" for verb in ("Authorize", "Revoke") for direction in ("Ingress", "Egress")
)
STARTING = ("RunTask", "CreateService")
LOOK_SECONDS = 1.0
"""Between two looks at what the packet filter dropped and let through."""
NO_NETWORK = "Network Configuration must be provided when networkMode 'awsvpc' is specified."
ENDPOINTS: Mapping[str, str] = {"ecr": "ecr.api"}
"""Names of endpoint services that differ from the name in signatures. Source:
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""
LATE = "the rules allow it now; they did not when it was dropped"


class PlacedSubnet(str):
    """The subnet of a task, which MiniStack keeps, and the rest of its placement, which MiniStack would drop."""

    __slots__ = ("placement",)
    placement: Placement


class Vpc:
    """Keeps the packet filter in step with MiniStack's tables, and answers who reaches whom."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._filter = PacketFilter(context.settings.gateway_port)
        self._lock = threading.Lock()
        self._turn = 0
        self._recorded: dict[Refusal, float] = {}
        self._seen: dict[str, Interface] = {}
        """By address, the ended ones too: what they did is looked at a moment later."""
        self._flow_log = FlowLog(context.settings.path)

    def apply(self) -> None:
        """Keep the placement of tasks, and let a change of the rules act before the call that makes it returns."""
        rebind(ecs, "_requested_subnet", lambda _: self._requested_subnet, takes="data")
        for action in STARTING:
            rebind_action(ecs, action, _with_network)
        for action in RULE_ACTIONS:
            rebind_action(ec2, action, self._then_refresh)
        threading.Thread(target=self._watch, name="connections", daemon=True).start()

    def refresh(self) -> None:
        """Bring the packet filter up to date; call often, within a request scope."""
        with self._lock:
            view = self.view()
            self._seen |= {one.address: one for one in view.interfaces}
            self._filter.apply(view)

    def view(self) -> Reachability:
        """Return rules, interfaces and routes as they are now."""
        lists = {one["PrefixListId"]: _entries(one) for one in list(ec2._prefix_lists.values())}
        groups = list(ec2._security_groups.values())
        return Reachability(
            rules=tuple(rule for group in groups for rule in rules_of(group, lists)),
            interfaces=tuple(self._interfaces()),
            subnets={identity: subnet_of(identity, one) for identity, one in list(ec2._subnets.items())},
            endpoints=tuple(_endpoints()),
            group_names={group["GroupId"]: group["GroupName"] for group in groups},
        )

    def refuse(self, source: str, target: str, flow: Flow) -> str:
        """Return what keeps two addresses apart, and record it; nothing when they are connected."""
        view = self.view()
        obstacle = view.obstacle(view.end(source), view.end(target), flow)
        if obstacle:
            self.record(self._owner(source), self._owner(target), flow, obstacle)
        else:
            self.note(view.end(source), view.end(target), flow)
        return obstacle

    def keeps_from_service(self, address: str, service: str) -> bool:
        """Whether endpoints, rules or routes keep an interface from the API of a service, by its name in signatures.

        The packet filter lets through who reaches any service: the emulator has one address for all of them.
        """
        owner = self._context.network.owners().get(address, "")
        view = self.view() if owner else None
        source = view.end(address) if view else address
        if view is None or isinstance(source, str):
            return False
        name = ENDPOINTS.get(service, service)
        obstacle = view.obstacle_to_service(source, name)
        if obstacle:
            self.record(owner, f"AWS ({name})", HTTPS, obstacle)
        return bool(obstacle)

    def policy_on_the_way(self, address: str, service: str) -> Any:
        """Return the policy of the endpoint by which an interface calls a service, by its name in signatures."""
        if address not in self._context.network.owners():
            return None
        view = self.view()
        source = view.end(address)
        return None if isinstance(source, str) else view.policy_on_the_way(source, ENDPOINTS.get(service, service))

    def note(self, source: End, target: End, flow: Flow) -> None:
        """Add a connection that passes to the flow log."""
        ends = [one.groups if isinstance(one, Placement) else (one,) for one in (source, target)]
        self._flow_log.record(Passed(source=ends[0], target=ends[1], flow=str(flow)))

    def record(self, who: str, what: str, flow: Flow, obstacle: str) -> None:
        """Record a refused connection; what tries again soon makes no second entry."""
        refusal = Refusal(kind=Kind.CONNECTION, who=who, what=str(flow), resource=what, reason=obstacle)
        now, before = time.monotonic(), self._recorded.get(refusal, -float(FORGET_SECONDS))
        self._recorded[refusal] = now
        if now - before >= FORGET_SECONDS:
            record(self._context.settings.path, refusal)

    def _interfaces(self) -> Iterator[Interface]:
        for address, owner in self._context.network.owners().items():
            kind, _, identity = owner.rpartition(" ")
            place = PLACEMENTS.get(kind)
            placement = place(identity) if place else None
            if placement:
                yield Interface(address=address, owner=owner, placement=placement)

    def _requested_subnet(self, data: Mapping[str, Any]) -> PlacedSubnet | None:
        """Return the subnet of new tasks: as on AWS they are spread over the subnets of the request."""
        wanted = (data.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        subnets = wanted.get("subnets") or ()
        if not subnets:
            return None
        self._turn += 1
        subnet = PlacedSubnet(subnets[self._turn % len(subnets)])
        groups = tuple(wanted.get("securityGroups") or _default_groups(subnet))
        public = wanted.get("assignPublicIp") == "ENABLED"
        subnet.placement = Placement(subnet=str(subnet), groups=groups, public=public)
        return subnet

    def _then_refresh(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        def change(request: Any) -> Any:
            answered = answer(request)
            self.refresh()
            return answered

        return change

    def _watch(self) -> None:
        """Record each dropped connection with what is missing, and each that passed."""
        dropped: frozenset[Attempt] = frozenset()
        passed: frozenset[Attempt] = frozenset()
        settings = self._context.settings
        while True:
            time.sleep(LOOK_SECONDS)
            try:
                before, dropped = dropped, self._filter.dropped()
                earlier, passed = passed, self._filter.passed()
                with request_scope(settings.account, settings.region):
                    self._record_all(dropped - before, passed - earlier)
            except (RuntimeError, OSError):
                logging.getLogger("emulator").exception("the emulator could not read what it dropped")

    def _record_all(self, dropped: frozenset[Attempt], passed: frozenset[Attempt]) -> None:
        view = self.view()
        for one in dropped:
            obstacle = view.obstacle(self._end(one.source), self._end(one.target), one.flow) or LATE
            self.record(self._owner(one.source), self._owner(one.target), one.flow, obstacle)
        for one in passed:
            if one.target == GATEWAY:
                self.note(self._end(one.source), AWS_ADDRESS, HTTPS)
            else:
                self.note(self._end(one.source), self._end(one.target), one.flow)

    def _owner(self, address: str) -> str:
        return self._seen[address].owner if address in self._seen else address

    def _end(self, address: str) -> End:
        return self._seen[address].placement if address in self._seen else address


def _with_network(answer: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse tasks without a placement, as ECS does where each has an interface of its own."""

    def start(request: Mapping[str, Any]) -> Any:
        definition = ecs._task_defs.get(ecs._resolve_td_key(request.get("taskDefinition", ""))) or {}
        if definition.get("networkMode") == "awsvpc" and not request.get("networkConfiguration"):
            return ecs.error_response_json("InvalidParameterException", NO_NETWORK, 400)
        return answer(request)

    return start


def _of_task(identity: str) -> Placement | None:
    task = next((one for arn, one in list(ecs._tasks.items()) if arn.endswith(f"/{identity}")), None)
    return placement_of(task) if task else None


def placement_of(task: Mapping[str, Any]) -> Placement | None:
    """Return the placement of a task; None when it has none of its own."""
    subnet = task.get("_subnet")
    return subnet.placement if isinstance(subnet, PlacedSubnet) else None


def _of_balancer(arn: str) -> Placement | None:
    balancer = alb._lbs.get(arn)
    if balancer is None or not balancer.get("Subnets"):
        return None
    public = balancer.get("Scheme", "internet-facing") == "internet-facing"
    subnet, *_ = balancer["Subnets"]
    groups = tuple(balancer.get("SecurityGroups") or _default_groups(subnet))
    return Placement(subnet=subnet, groups=groups, public=public)


def _of_database(identifier: str) -> Placement | None:
    instance = rds._instances.get(identifier)
    if instance is None:
        return None
    group = instance.get("DBSubnetGroup") or {}
    named = rds._subnet_groups.get(group.get("DBSubnetGroupName", "")) or group
    subnets = [one["SubnetIdentifier"] for one in named.get("Subnets") or ()]
    groups = tuple(one["VpcSecurityGroupId"] for one in instance.get("VpcSecurityGroups") or ())
    subnet = subnets[0] if subnets else ""
    public = bool(instance.get("PubliclyAccessible"))
    return Placement(subnet=subnet, groups=groups or _default_groups(subnet), public=public)


PLACEMENTS: Mapping[str, Callable[[str], Placement | None]] = {
    "task": _of_task,
    "load balancer": _of_balancer,
    "database": _of_database,
}
"""How the placement of an address is found, by what its owner is; any other address is one of the internet."""


def _endpoints() -> Iterator[InterfaceEndpoint]:
    for one in list(ec2._vpc_endpoints.values()):
        if one["VpcEndpointType"] == "Interface" and one.get("PrivateDnsEnabled", True) and one.get("SubnetIds"):
            subnet = one["SubnetIds"][0]
            groups = tuple(one.get("SecurityGroupIds") or _default_groups(subnet))
            placement = Placement(subnet=subnet, groups=groups)
            policy = one.get("PolicyDocument")
            yield InterfaceEndpoint(service=service_of(one), vpc=one["VpcId"], placement=placement, policy=policy)


def _default_groups(subnet: str) -> tuple[str, ...]:
    vpc = (ec2._subnets.get(subnet) or {}).get("VpcId")
    groups = list(ec2._security_groups.values())
    return tuple(one["GroupId"] for one in groups if one["VpcId"] == vpc and one["GroupName"] == "default")


def _entries(prefix_list: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry["Cidr"]) for entry in prefix_list.get("Entries") or ())
