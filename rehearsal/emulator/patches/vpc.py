"""Security groups and routes decide: every address of the emulator is an interface in MiniStack's VPCs.

MiniStack keeps groups, rules, routes and subnets, and lets everything through.
"""
# ruff: noqa: SLF001  what needs correcting is not public

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from ministack.core.responses import request_scope
from ministack.services import alb, ec2, ecs, rds

from rehearsal.emulator.context import Context
from rehearsal.emulator.networking.interfaces import HTTPS, Flow, Interface, Placement
from rehearsal.emulator.networking.network import GATEWAY
from rehearsal.emulator.networking.packet_filter import FORGET_SECONDS, Attempt, PacketFilter
from rehearsal.emulator.networking.reachability import AWS_ADDRESS, End, InterfaceEndpoint, Reachability
from rehearsal.emulator.networking.security_rules import rules_of
from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.patches.routes import service_of, subnet_of
from rehearsal.emulator.patches.task_placement import default_groups, placement_of, zone_of
from rehearsal.emulator.rules.flow_log import FlowLog, Passed
from rehearsal.emulator.rules.refusals import Kind, Refusal, record
from rehearsal.emulator.rules.zone_outages import Outage, current_outage

RULE_ACTIONS = tuple(
    f"{verb}SecurityGroup{direction}" for verb in ("Authorize", "Revoke") for direction in ("Ingress", "Egress")
)
LOOK_SECONDS = 1.0
"""Between two looks at what the packet filter dropped and let through."""
ENDPOINTS: Mapping[str, str] = {"ecr": "ecr.api"}
"""Names of endpoint services that differ from the name in signatures. Source:
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""
LATE = "the rules allow it now; they did not when it was dropped"


class Vpc:
    """Keeps the packet filter in step with MiniStack's tables, and answers who reaches whom."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._filter = PacketFilter(context.settings.gateway_port)
        self._lock = threading.Lock()
        self._recorded: dict[Refusal, float] = {}
        self._seen: dict[str, Interface] = {}
        """By address, the ended ones too: what they did is looked at a moment later."""
        self._flow_log = FlowLog(context.settings.path)

    def apply(self) -> None:
        """Let a change of the rules act before the call that makes it returns."""
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
        outage = current_outage(self._context.settings.path)
        return Reachability(
            rules=tuple(rule for group in groups for rule in rules_of(group, lists)),
            interfaces=tuple(self._interfaces(outage)),
            subnets={identity: subnet_of(identity, one) for identity, one in list(ec2._subnets.items())},
            endpoints=tuple(_endpoints(outage)),
            silent_zones=frozenset(outage.zones),
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

    def _interfaces(self, outage: Outage) -> Iterator[Interface]:
        for address, owner in self._context.network.owners().items():
            kind, _, identity = owner.rpartition(" ")
            place = PLACEMENTS.get(kind)
            placement = place(identity, outage) if place else None
            if placement:
                yield Interface(address=address, owner=owner, placement=placement)

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


def _of_task(identity: str, _outage: Outage) -> Placement | None:
    task = next((one for arn, one in list(ecs._tasks.items()) if arn.endswith(f"/{identity}")), None)
    return placement_of(task) if task else None


def _of_balancer(arn: str, outage: Outage) -> Placement | None:
    """Return where a load balancer stands: it has an address in each of its zones, and clients use one that answers."""
    balancer = alb._lbs.get(arn)
    if balancer is None or not balancer.get("Subnets"):
        return None
    public = balancer.get("Scheme", "internet-facing") == "internet-facing"
    subnet = _answering(balancer["Subnets"], outage.zones)
    groups = tuple(balancer.get("SecurityGroups") or default_groups(subnet))
    return Placement(subnet=subnet, groups=groups, public=public)


def _of_database(identifier: str, outage: Outage) -> Placement | None:
    """Return where an instance stands: its standby takes over once RDS notices that the zone does not answer.

    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZSingleStandby.html
    """
    instance = rds._instances.get(identifier)
    if instance is None:
        return None
    subnets = subnets_of_database(instance)
    groups = tuple(one["VpcSecurityGroupId"] for one in instance.get("VpcSecurityGroups") or ())
    silent = outage.zones if instance.get("MultiAZ") and outage.is_noticed else ()
    subnet = _answering(subnets, silent) if subnets else ""
    public = bool(instance.get("PubliclyAccessible"))
    return Placement(subnet=subnet, groups=groups or default_groups(subnet), public=public)


def subnets_of_database(instance: Mapping[str, Any]) -> list[str]:
    """Return the subnets in which an instance may stand; the first is where it does."""
    group = instance.get("DBSubnetGroup") or {}
    named = rds._subnet_groups.get(group.get("DBSubnetGroupName", "")) or group
    return [one["SubnetIdentifier"] for one in named.get("Subnets") or ()]


PLACEMENTS: Mapping[str, Callable[[str, Outage], Placement | None]] = {
    "task": _of_task,
    "load balancer": _of_balancer,
    "database": _of_database,
}
"""How the placement of an address is found, by what its owner is; any other address is one of the internet."""


def _endpoints(outage: Outage) -> Iterator[InterfaceEndpoint]:
    for one in list(ec2._vpc_endpoints.values()):
        if one["VpcEndpointType"] == "Interface" and one.get("PrivateDnsEnabled", True) and one.get("SubnetIds"):
            subnet = _answering(one["SubnetIds"], outage.zones)
            groups = tuple(one.get("SecurityGroupIds") or default_groups(subnet))
            placement = Placement(subnet=subnet, groups=groups)
            policy = one.get("PolicyDocument")
            yield InterfaceEndpoint(service=service_of(one), vpc=one["VpcId"], placement=placement, policy=policy)


def _answering(subnets: Sequence[str], silent: Collection[str]) -> str:
    """Return the first subnet in a zone that answers, or the first where none does."""
    return next((one for one in subnets if zone_of(one) not in silent), subnets[0])


def _entries(prefix_list: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(str(entry["Cidr"]) for entry in prefix_list.get("Entries") or ())
