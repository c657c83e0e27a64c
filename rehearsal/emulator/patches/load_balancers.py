"""Load balancers that answer, and a target health that is true."""
# ruff: noqa: SLF001  what needs correcting is not public

import asyncio
import random
import socket
import threading
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit
from xml.sax.saxutils import escape

from ministack.core.responses import request_scope
from ministack.services import alb

from rehearsal.emulator.networking import http_proxy, network, tls, web_proxy
from rehearsal.emulator.networking.hosts_file import Names
from rehearsal.emulator.networking.http_proxy import Answer, ForwardTo, Route
from rehearsal.emulator.networking.target_health import INITIAL, Finding, Target, Watch
from rehearsal.emulator.patches import alb_auth, host_names
from rehearsal.emulator.rules.settings import Settings

HTTPS = "HTTPS"
NO_TARGETS = Answer(503, {}, b"No healthy targets are registered.\n")


class LoadBalancers:
    """Keeps fronts and watches in step with what MiniStack's tables say."""

    def __init__(self, settings: Settings, names: Names, on_sick: Callable[[Target, str], None]) -> None:
        self._settings = settings
        self._names = names
        self._on_sick = on_sick
        self._addresses: dict[str, str] = {}
        self._fronts: dict[str, http_proxy.Server] = {}
        self._watches: dict[Target, Watch] = {}
        self._lock = threading.RLock()
        self._web_door = socket.socket(fileno=settings.web_door)
        web_proxy.serve(self._web_door, settings.web_port, self._route_web, names.address, self._name_of_site)

    def apply(self) -> None:
        """Answer DescribeTargetHealth with what the watches see."""
        alb._ACTION_MAP["DescribeTargetHealth"] = self._describe_target_health
        alb_auth.apply()

    def reconcile(self) -> None:
        """Bring fronts and watches up to date; call often, within a request scope."""
        with self._lock:
            self._reconcile_targets()
            self._reconcile_fronts()

    def finding(self, target: Target) -> Finding:
        """What is known of a target now; a new one is looked at from now on."""
        with self._lock:
            self._reconcile_targets()
            watch = self._watches.get(target)
        return watch.finding if watch else INITIAL

    def _reconcile_targets(self) -> None:
        registered = {target for group in list(alb._tgs.values()) for target in targets_of(group)}
        for target in set(self._watches) - registered:
            self._watches.pop(target).close()
        for target in registered - set(self._watches):
            self._watches[target] = Watch(target, alb._tgs[target.group], self._on_sick)

    def _reconcile_fronts(self) -> None:
        balancers, listeners = dict(alb._lbs.items()), dict(alb._listeners.items())
        for arn in set(balancers) - set(self._addresses):
            self._addresses[arn] = address = network.add_address()
            self._names.say(f"load balancer {arn}", [(address, balancers[arn]["DNSName"])])
        wanted = {arn for arn, one in listeners.items() if _is_ready(one)}
        for arn in set(self._fronts) - wanted:
            front = self._fronts.pop(arn)
            front.shutdown()
            front.server_close()
        for arn in wanted - set(self._fronts):
            self._fronts[arn] = self._front(arn, listeners[arn])
        for arn in set(self._addresses) - set(balancers):
            self._names.say(f"load balancer {arn}", ())
            network.drop_address(self._addresses.pop(arn))

        self._name_sites(balancers)

    def _front(self, arn: str, listener: dict[str, Any]) -> http_proxy.Server:
        port, name = int(listener["Port"]), host_names.certified_name(listener)
        secure = listener["Protocol"] == HTTPS and name is not None
        context = tls.site_context(self._settings.path / "tls", name) if secure and name else None
        entrance = socket.create_server((self._addresses[listener["LoadBalancerArn"]], port), backlog=128)
        return http_proxy.serve(entrance, port, lambda *request: self._route(arn, *request), context)

    def _name_sites(self, balancers: Mapping[str, Any]) -> None:
        """Let the names of sites lead to their load balancers, as the alias records say."""
        by_name = {one["DNSName"]: self._addresses[arn] for arn, one in balancers.items()}
        entries = [(by_name[target], name) for name, target in host_names.aliases() if target in by_name]
        entries += [(self._addresses[arn], name) for name, arn in host_names.pointed_here() if arn in balancers]
        self._names.say("sites", sorted(set(entries)))

    def _site(self, host: str) -> str | None:
        """The listener that a Host leads to, else the first: one with TLS rather than one that only leads there."""
        with self._lock:
            listeners = {arn: alb._listeners.get(arn) or {} for arn in self._fronts}
        wanted = _balancer_of(host)
        named = [arn for arn, one in listeners.items() if wanted and one.get("LoadBalancerArn") == wanted]
        fronts = named or list(listeners)
        secure = [arn for arn in fronts if listeners[arn].get("Protocol") == HTTPS]
        return next(iter(secure or fronts), None)

    def _name_of_site(self, host: str) -> tuple[str, int] | None:
        with request_scope(self._settings.account, self._settings.region):
            listener = alb._listeners.get(self._site(host) or "") or {}
            name = host_names.certified_name(listener) if listener.get("Protocol") == HTTPS else None
        return (name, int(listener["Port"])) if name else None

    def _route_web(self, method: str, path: str, headers: Mapping[str, str]) -> Route:
        """The outer web port leads to the site that the Host names, and to the first there is if it names none."""
        host = next((value for name, value in headers.items() if name.lower() == "host"), "")
        with request_scope(self._settings.account, self._settings.region):
            site = self._site(host)
        return self._route(site, method, path, headers) if site else NO_TARGETS

    def _route(self, listener: str, method: str, path: str, headers: Mapping[str, str]) -> Route:
        with request_scope(self._settings.account, self._settings.region):
            *before, action = choose_actions(listener, method, path, headers)
            said: dict[str, str] = {}
            for gate in before:
                verdict = alb_auth.ask(gate, method, path, headers)
                if isinstance(verdict, Answer):
                    return verdict
                said |= verdict
            if action.get("Type", "").lower() != "forward":
                return _own_answer(action, method, path, headers)
            chosen = self._pick(_target_group(action))
            return ForwardTo(*chosen, said) if chosen else NO_TARGETS

    def _pick(self, group: str) -> tuple[str, int] | None:
        """A healthy target at random; when none is healthy any of them, as AWS fails open."""
        every = [(target, watch.finding.state) for target, watch in self._watches.items() if target.group == group]
        best = [target for target, state in every if state == "healthy"] or [target for target, _ in every]
        chosen = random.choice(best) if best else None  # noqa: S311  which target is no secret
        return (chosen.address, chosen.port) if chosen else None

    def _describe_target_health(self, request: Any) -> Any:
        arn = alb._p(request, "TargetGroupArn")
        if arn not in alb._tgs:
            return alb._error("TargetGroupNotFound", f"Target group '{arn}' not found.")
        asked = {target["Id"] for target in alb._parse_targets_param(request)}
        targets = [target for target in targets_of(alb._tgs[arn]) if not asked or target.address in asked]
        members = "".join(_member(target, self.finding(target)) for target in targets)
        inner = f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>"
        return alb._xml(200, "DescribeTargetHealth", inner)


def _balancer_of(host: str) -> str | None:
    """The load balancer of a Host: by a name it has, or by that below `localhost`, where browsers look by themselves.

    Of its own name, which is long, the first label is enough.
    """
    name = host.partition(":")[0].lower().removesuffix(".localhost")
    own = {one["DNSName"].lower(): arn for arn, one in dict(alb._lbs.items()).items()}
    every = own | dict(host_names.pointed_here())
    every |= {alias: own[target] for alias, target in host_names.aliases() if target in own}
    return every.get(name) or {known.partition(".")[0]: arn for known, arn in own.items()}.get(name)


def _is_ready(listener: dict[str, Any]) -> bool:
    """Whether a listener can answer: one with TLS needs a name to prove."""
    if listener.get("Protocol") == HTTPS:
        return host_names.certified_name(listener) is not None
    return listener.get("Protocol") == "HTTP"


def targets_of(group: Mapping[str, Any]) -> list[Target]:
    """What is registered in a target group."""
    arn = group["TargetGroupArn"]
    return [
        Target(arn, one["Id"], int(one.get("Port") or group.get("Port") or 80))
        for one in list(alb._targets.get(arn, []))
        if group.get("TargetType") == "ip"
    ]


def choose_actions(listener: str, method: str, path: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """The actions of the first rule of a listener that matches a request, the one that answers last."""
    split = urlsplit(path)
    lower = {name.lower(): value for name, value in headers.items()}
    rules = sorted((one for one in alb._rules.values() if one.get("ListenerArn") == listener), key=alb._rule_sort_key)
    for rule in rules:
        conditions = rule.get("Conditions") or []
        request = (method, split.path, lower, parse_qs(split.query))
        if rule.get("IsDefault") or all(alb._match_condition(one, *request) for one in conditions):
            return _in_order(rule.get("Actions") or [])
    return _in_order((alb._listeners.get(listener) or {}).get("DefaultActions") or [])


def _in_order(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(actions, key=lambda action: int(action.get("Order") or 1)) or [{}]


def _target_group(action: Mapping[str, Any]) -> str:
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or [{}]
    return str(action.get("TargetGroupArn") or groups[0].get("TargetGroupArn") or "")


def _own_answer(action: dict[str, Any], method: str, path: str, headers: Mapping[str, str]) -> Answer:
    split = urlsplit(path)
    lower = {name.lower(): value for name, value in headers.items()}
    answering = alb._execute_action(action, method, split.path, lower, b"", parse_qs(split.query), split.query)
    status, own, body = asyncio.run(answering)
    return Answer(int(status), {name: str(value) for name, value in own.items()}, bytes(body))


def _member(target: Target, finding: Finding) -> str:
    parts = {"State": finding.state, "Reason": finding.reason, "Description": finding.description}
    health = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)
    where = f"<Id>{target.address}</Id><Port>{target.port}</Port>"
    check = f"<HealthCheckPort>{target.port}</HealthCheckPort>"
    return f"<member><Target>{where}</Target>{check}<TargetHealth>{health}</TargetHealth></member>"
