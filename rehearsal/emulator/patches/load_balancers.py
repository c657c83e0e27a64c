"""Load balancers that answer requests, and report the health that their checks find."""
# ruff: noqa: SLF001  what needs correcting is not public

import asyncio
import random
import re
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit
from xml.sax.saxutils import escape

from ministack.core.responses import request_scope
from ministack.services import alb

from rehearsal.emulator.context import Context
from rehearsal.emulator.networking import http_proxy, web_proxy
from rehearsal.emulator.networking.http_proxy import Answer, ForwardTo, Route
from rehearsal.emulator.networking.interfaces import Flow
from rehearsal.emulator.networking.reachability import AWS_ADDRESS
from rehearsal.emulator.networking.target_health import INITIAL, Finding, Target, Watch
from rehearsal.emulator.patches import alb_auth, host_names, listener_attributes, web_acls
from rehearsal.emulator.patches.rebinding import rebind_action
from rehearsal.emulator.patches.vpc import Vpc

HTTPS = "HTTPS"
NO_TARGETS = Answer(status=503, body=b"No healthy targets are registered.\n")


class LoadBalancers:
    """Keeps proxies and health checks in step with MiniStack's tables of listeners and targets."""

    def __init__(self, context: Context, vpc: Vpc, on_unhealthy: Callable[[Target, str], None]) -> None:
        self._context = context
        self._vpc = vpc
        self._settings = settings = context.settings
        self._on_unhealthy = on_unhealthy
        self._addresses: dict[str, str] = {}
        self._proxies: dict[str, http_proxy.Server] = {}
        self._watches: dict[Target, Watch] = {}
        self._lock = threading.RLock()
        web = socket.socket(fileno=settings.web_fd)
        sites = web_proxy.Sites(
            route=self._route_web,
            address_of=context.hosts_file.address,
            tls_name_of=self._name_of_site,
            is_site=self._is_site,
            obstacle=self._obstacle,
        )
        web_proxy.serve(web, settings.web_port, sites, settings.secret_key)

    def apply(self) -> None:
        """Answer DescribeTargetHealth from the health checks."""
        rebind_action(alb, "DescribeTargetHealth", lambda _: self._describe_target_health)

    def reconcile(self) -> None:
        """Bring proxies and health checks up to date; call often, within a request scope."""
        with self._lock:
            self._reconcile_targets()
            self._reconcile_proxies()

    def finding(self, target: Target) -> Finding:
        """Return the health of a target; start to check it when it is new."""
        with self._lock:
            self._reconcile_targets()
            watch = self._watches.get(target)
        return watch.finding if watch else INITIAL

    def _reconcile_targets(self) -> None:
        registered = {target for group in list(alb._tgs.values()) for target in targets_of(group)}
        for target in set(self._watches) - registered:
            self._watches.pop(target).close()
        for target in registered - set(self._watches):
            source = partial(self._source_of, target.group)
            self._watches[target] = Watch(target, alb._tgs[target.group], source, self._on_unhealthy)

    def _reconcile_proxies(self) -> None:
        balancers = dict(alb._lbs.items())
        for arn in set(balancers) - set(self._addresses):
            self._addresses[arn] = address = self._context.network.add_address(f"load balancer {arn}")
            self._context.hosts_file.put(f"load balancer {arn}", [(address, balancers[arn]["DNSName"])])
        sites = self._sites(balancers)  # before looking at the listeners: a site has no name until it answers
        listeners = dict(alb._listeners.items())
        wanted = {arn for arn, one in listeners.items() if _is_ready(one)}
        for arn in set(self._proxies) - wanted:
            proxy = self._proxies.pop(arn)
            proxy.shutdown()
            proxy.server_close()
        for arn in wanted - set(self._proxies):
            self._proxies[arn] = self._proxy(arn, listeners[arn])
        for arn in set(self._addresses) - set(balancers):
            self._context.hosts_file.put(f"load balancer {arn}", ())
            self._context.network.remove_address(self._addresses.pop(arn))
        self._context.hosts_file.put("sites", sites)

    def _proxy(self, arn: str, listener: dict[str, Any]) -> http_proxy.Server:
        port, name = int(listener["Port"]), host_names.certified_name(listener)
        secure = listener["Protocol"] == HTTPS and name is not None
        tls = self._context.certificates.server_context(name) if secure and name else None
        listening = socket.create_server((self._addresses[listener["LoadBalancerArn"]], port), backlog=128)
        return http_proxy.serve(listening, port, lambda *request: self._route(arn, *request), tls)

    def _sites(self, balancers: Mapping[str, Any]) -> list[tuple[str, str]]:
        """Return the names of sites with the addresses of their load balancers, as the alias records say."""
        by_name = {one["DNSName"]: self._addresses[arn] for arn, one in balancers.items()}
        entries = [(by_name[target], name) for name, target in host_names.aliases() if target in by_name]
        entries += [(self._addresses[arn], name) for name, arn in host_names.names_without_record() if arn in balancers]
        return sorted(set(entries))

    def _site(self, host: str) -> str | None:
        """Return the listener for a Host, or the first one that has a site; prefer TLS."""
        with self._lock:
            listeners = {arn: alb._listeners.get(arn) or {} for arn in self._proxies}
        wanted = _balancer_of(host)
        named = [arn for arn, one in listeners.items() if wanted and one.get("LoadBalancerArn") == wanted]
        candidates = named or list(filter(host_names.has_site, listeners)) or list(listeners)
        secure = [arn for arn in candidates if listeners[arn].get("Protocol") == HTTPS]
        return next(iter(secure or candidates), None)

    def _is_site(self, host: str) -> bool:
        with request_scope(self._settings.account, self._settings.region):
            return _balancer_of(host) is not None

    def _name_of_site(self, host: str) -> tuple[str, int] | None:
        with request_scope(self._settings.account, self._settings.region):
            listener = alb._listeners.get(self._site(host) or "") or {}
            name = host_names.certified_name(listener) if listener.get("Protocol") == HTTPS else None
        return (host_names.named(name, host), int(listener["Port"])) if name else None

    def _route_web(self, method: str, path: str, headers: Mapping[str, str]) -> Route:
        """Route a request to the web port to the site of its Host, or to the first site."""
        host = next((value for name, value in headers.items() if name.lower() == "host"), "")
        with request_scope(self._settings.account, self._settings.region):
            site = self._site(host)
            listener = alb._listeners.get(site) if site else None
            seen = host_names.seen_by_rules(headers, listener) if listener else headers
        if site is None or listener is None:
            return NO_TARGETS
        address = self._addresses.get(listener["LoadBalancerArn"], "")
        if obstacle := self._obstacle("", address, int(listener["Port"])):
            return web_proxy.dropped(obstacle)
        return self._route(site, method, path, seen)

    def _lacks_provider(self, listener: str, authentication: Mapping[str, Any], path: str) -> bool:
        """Whether the rules keep a load balancer from an identity provider that it would have to ask."""
        source = self._addresses.get(alb._listeners[listener]["LoadBalancerArn"], "")
        known = self._context.hosts_file.address
        asked = alb_auth.endpoints_to_ask(authentication, path)
        return any(self._obstacle(source, known(host) or AWS_ADDRESS, port) for host, port in asked)

    def _obstacle(self, source: str, address: str, port: int) -> str:
        """Return what keeps a client, or an interface in the emulator, from a port of an interface, and record it."""
        with request_scope(self._settings.account, self._settings.region):
            return self._vpc.refuse(source or self._settings.client_address, address, Flow("tcp", port))

    def _route(self, listener: str, method: str, path: str, headers: Mapping[str, str]) -> Route:
        """Route a request by the rules of a listener, which adds header fields of its own to every answer."""
        with request_scope(self._settings.account, self._settings.region):
            added = listener_attributes.response_headers(listener)
            balancer = alb._listeners[listener]["LoadBalancerArn"]
            refused = web_acls.answer(balancer, method, path, headers)
        route = refused or self._by_rules(listener, method, path, headers)
        if isinstance(route, Answer):
            return replace(route, headers={**route.headers, **added})
        return replace(route, added=added)

    def _by_rules(self, listener: str, method: str, path: str, headers: Mapping[str, str]) -> Route:
        with request_scope(self._settings.account, self._settings.region):
            *before, action = choose_actions(listener, method, path, headers)
            identity: dict[str, str] = {}
            for authentication in before:
                if self._lacks_provider(listener, authentication, path):
                    return alb_auth.NO_PROVIDER
                result = alb_auth.authenticate(authentication, method, path, headers)
                if isinstance(result, Answer):
                    return result
                identity |= result
            if action.get("Type", "").lower() != "forward":
                return _own_answer(action, method, path, headers)
            chosen = self._pick(_target_group(action))
            source = self._addresses.get(alb._listeners[listener]["LoadBalancerArn"], "")
            if chosen is None:
                return NO_TARGETS
            address, number = chosen
            return ForwardTo(address=address, port=number, headers=identity, source=source)

    def _source_of(self, group: str) -> str | None:
        """Return the address from which a load balancer checks a target group; None when no listener forwards to it."""
        with request_scope(self._settings.account, self._settings.region):
            listeners = [one["ListenerArn"] for one in list(alb._rules.values()) if group in groups_of(one)]
            balancers = [(alb._listeners.get(arn) or {}).get("LoadBalancerArn") for arn in listeners]
            return next((self._addresses[arn] for arn in balancers if arn in self._addresses), None)

    def _pick(self, group: str) -> tuple[str, int] | None:
        """Pick a random healthy target; any target when none is healthy, since AWS fails open."""
        every = [(target, watch.finding.state) for target, watch in self._watches.items() if target.group == group]
        best = [target for target, state in every if state == "healthy"] or [target for target, _ in every]
        chosen = random.choice(best) if best else None  # noqa: S311  the choice of a target is no secret
        return (chosen.address, chosen.port) if chosen else None

    def _describe_target_health(self, request: Any) -> Any:
        arn = alb._p(request, "TargetGroupArn")
        if arn not in alb._tgs:
            return alb._error("TargetGroupNotFound", f"Target group '{arn}' not found.")
        wanted = {target["Id"] for target in alb._parse_targets_param(request)}
        targets = [target for target in targets_of(alb._tgs[arn]) if not wanted or target.address in wanted]
        members = "".join(_member(target, self.finding(target)) for target in targets)
        inner = f"<TargetHealthDescriptions>{members}</TargetHealthDescriptions>"
        return alb._xml(200, "DescribeTargetHealth", inner)


def _balancer_of(host: str) -> str | None:
    """Find the load balancer of a Host: by its name, or by that name below `localhost`, which browsers resolve.

    Of its own name, which is long, the first label is enough.
    """
    name = host.partition(":")[0].lower().removesuffix(".localhost")
    own = {one["DNSName"].lower(): arn for arn, one in dict(alb._lbs.items()).items()}
    every = own | dict(host_names.names_without_record())
    every |= {alias: own[target] for alias, target in host_names.aliases() if target in own}
    return every.get(name) or {known.partition(".")[0]: arn for known, arn in own.items()}.get(name)


def _is_ready(listener: dict[str, Any]) -> bool:
    """Whether a listener can answer: with TLS it needs a name for its certificate."""
    if listener.get("Protocol") == HTTPS:
        return host_names.certified_name(listener) is not None
    return listener.get("Protocol") == "HTTP"


def targets_of(group: Mapping[str, Any]) -> list[Target]:
    """Return the registered targets of a target group."""
    arn = group["TargetGroupArn"]
    return [
        Target(arn, one["Id"], int(one.get("Port") or group.get("Port") or 80))
        for one in list(alb._targets.get(arn, []))
        if group.get("TargetType") == "ip"
    ]


def choose_actions(listener: str, method: str, path: str, headers: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the actions of the first rule of a listener that matches a request; the last action answers it."""
    split = urlsplit(path)
    lower = {name.lower(): value for name, value in headers.items()}
    rules = sorted((one for one in alb._rules.values() if one.get("ListenerArn") == listener), key=alb._rule_sort_key)
    for rule in rules:
        conditions = rule.get("Conditions") or []
        request = (method, normal_path(split.path), lower, parse_qs(split.query))
        if rule.get("IsDefault") or all(alb._match_condition(one, *request) for one in conditions):
            return _in_order(rule.get("Actions") or [])
    return _in_order((alb._listeners.get(listener) or {}).get("DefaultActions") or [])


def normal_path(path: str) -> str:
    """Return a path as rules see it: without dot segments, and without escapes that need not be.

    Source: "Path conditions", Condition types for listener rules, Application Load Balancer user guide.
    """
    plain = re.sub("%[0-9A-Fa-f]{2}", _unescaped, path)
    return urlsplit(urljoin("http://site/", plain.lstrip("/"))).path if plain.startswith("/") else plain


def _unescaped(escape: re.Match[str]) -> str:
    """Return the character that an escape stands for if it is unreserved (RFC 3986, section 6.2.2)."""
    character = chr(int(escape[0][1:], 16))
    return character if re.fullmatch("[A-Za-z0-9._~-]", character) else escape[0].upper()


def _in_order(actions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(actions, key=lambda action: int(action.get("Order") or 1)) or [{}]


def _target_group(action: Mapping[str, Any]) -> str:
    groups = (action.get("ForwardConfig") or {}).get("TargetGroups") or [{}]
    return str(action.get("TargetGroupArn") or groups[0].get("TargetGroupArn") or "")


def groups_of(rule: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the target groups to which a rule forwards; an empty text stands for an action of another type."""
    return tuple(map(_target_group, rule.get("Actions") or ()))


def _own_answer(action: dict[str, Any], method: str, path: str, headers: Mapping[str, str]) -> Answer:
    split = urlsplit(path)
    lower = {name.lower(): value for name, value in headers.items()}
    answering = alb._execute_action(action, method, split.path, lower, b"", parse_qs(split.query), split.query)
    status, own, body = asyncio.run(answering)
    return Answer(status=int(status), body=bytes(body), headers={name: str(value) for name, value in own.items()})


def _member(target: Target, finding: Finding) -> str:
    parts = {"State": finding.state, "Reason": finding.reason, "Description": finding.description}
    health = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in parts.items() if value)
    where = f"<Id>{target.address}</Id><Port>{target.port}</Port>"
    check = f"<HealthCheckPort>{target.port}</HealthCheckPort>"
    return f"<member><Target>{where}</Target>{check}<TargetHealth>{health}</TargetHealth></member>"
