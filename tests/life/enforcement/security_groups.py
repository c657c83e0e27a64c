"""Every rule of an environment's security groups, and the observations that can depend on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

import requests

from compiler.connections import LOAD_BALANCER
from compiler.contract import DATABASE
from compiler.model import stack_values as values
from compiler.model.connection import INTERNET, Connection, Direction
from compiler.resources.processes import FILE_SYSTEM_PORT, HTTP
from rehearsal.emulator.networking.reachability import AWS_ADDRESS
from tests.life.enforcement.compiled import connections
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.removal import Observation, Removable

HEADING = ("direction", "from", "to", "port")
ANY_PORT = "any"
TO_AWS = frozenset({INTERNET, values.ENDPOINTS})
"""The targets of calls to AWS; a rehearsal notes them all at one address."""
SECONDS = 4
REDIRECTS = frozenset({301, 302})
CONNECT = f"""
import os, socket, sys
host, port = (os.path.expandvars(word) for word in sys.argv[1:])
socket.create_connection((host, int(port)), timeout={SECONDS}).close()
"""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A rule that one connection needs at one of its ends."""

    connection: Connection
    direction: Direction
    logical_id: str


def rules(deployed: Deployed) -> Iterator[Rule]:
    """Yield every rule of an environment, and of the network that it shares."""
    for connection in connections(deployed.env):
        for direction, logical_id in connection.rule_ids.items():
            yield Rule(connection=connection, direction=direction, logical_id=logical_id)


def removable(deployed: Deployed, rule: Rule) -> Removable:
    """Return how the EC2 API takes a rule away and puts it back."""
    ec2, identity = deployed.kept.client("ec2"), deployed.ids[rule.logical_id]
    (described,) = ec2.describe_security_group_rules(SecurityGroupRuleIds=[identity])["SecurityGroupRules"]
    group = described["GroupId"]
    revoke = getattr(ec2, f"revoke_security_group_{rule.direction}")
    authorize = getattr(ec2, f"authorize_security_group_{rule.direction}")

    def restore() -> None:
        (rule_again,) = authorize(GroupId=group, IpPermissions=[_permission(described)])["SecurityGroupRules"]
        deployed.ids[rule.logical_id] = rule_again["SecurityGroupRuleId"]

    source, target = (_noun(end) for end in (rule.connection.source, rule.connection.target))
    return Removable(
        name=rule.logical_id,
        details=(rule.direction, source, target, str(rule.connection.port or ANY_PORT)),
        remove=partial(revoke, GroupId=group, IpPermissions=[_permission(described)]),
        restore=restore,
    )


def observations(deployed: Deployed, connection: Connection) -> tuple[Observation, ...]:
    """Return what can depend on a connection: what acts only at the start of a task is tried with a new one."""
    source, target = connection.source, connection.target
    if "/" in source or LOAD_BALANCER in (source, target):
        return (to_web_server(deployed, connection.port if "/" in source else None),)
    if target in TO_AWS or connection.port == FILE_SYSTEM_PORT:
        return (Observation(f"a new task ({values.noun(source)})", partial(deployed.starts, source)),)
    host, at = ("$DB_HOST", "$DB_PORT") if target == DATABASE else (deployed.address(target), str(connection.port))
    look = partial(deployed.runs, source, "python", "-c", CONNECT, host, at)
    return (Observation(f"{values.noun(source)}: {connection.why}", look),)


def to_web_server(deployed: Deployed, number: int | None = None) -> Observation:
    """Return a request to the load balancer, at one of its ports or as a client asks."""
    return Observation("a request to the web server", partial(_answers, deployed, number))


def is_used(deployed: Deployed, connection: Connection) -> bool:
    """Whether somebody opened such a connection in the rehearsal, before anything was tried."""
    flow = f"tcp {connection.port or 443}"
    return any(
        passed.flow == flow
        and _is_end(deployed, connection.source, passed.source)
        and _is_end(deployed, connection.target, passed.target)
        for passed in deployed.passed
    )


def _is_end(deployed: Deployed, end: str, noted: tuple[str, ...]) -> bool:
    """Whether an end of a connection is one that was noted; a block may be any."""
    return "/" in end or (AWS_ADDRESS if end in TO_AWS else deployed.group(end)) in noted


def _answers(deployed: Deployed, number: int | None) -> bool:
    """Whether the load balancer answers, at one of its ports by the name of the site; without a port as a client asks.

    What the port without TLS answers is a redirect.
    """
    path, domain = deployed.env.airflow.release.web.health_path, deployed.env.web.domain
    proxy = deployed.kept.web_url
    with requests.Session() as browser:
        browser.trust_env = False
        if domain:
            browser.proxies, browser.verify = {"http": proxy, "https": proxy}, _authority(deployed)
        site = f"{'http' if number == HTTP else 'https'}://{domain}" if domain else proxy
        try:
            answer = browser.get(f"{site}{path}", timeout=2 * SECONDS, allow_redirects=False)
        except requests.RequestException:
            return False
    return answer.status_code in (REDIRECTS if domain and number == HTTP else {200})


def _authority(deployed: Deployed) -> str:
    return str(deployed.emulator.internet.authority)


def _permission(described: dict[str, Any]) -> dict[str, Any]:
    """Return a rule as AuthorizeSecurityGroup… takes it, from how DescribeSecurityGroupRules shows it."""
    permission: dict[str, Any] = {"IpProtocol": described["IpProtocol"]}
    if described["IpProtocol"] != "-1":
        permission |= {"FromPort": described["FromPort"], "ToPort": described["ToPort"]}
    words = {"Description": described["Description"]}
    if "CidrIpv4" in described:
        return {**permission, "IpRanges": [{"CidrIp": described["CidrIpv4"], **words}]}
    return {**permission, "UserIdGroupPairs": [{"GroupId": described["ReferencedGroupInfo"]["GroupId"], **words}]}


def _noun(end: str) -> str:
    return end if "/" in end or end == INTERNET else values.noun(end)
