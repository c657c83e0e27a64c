"""Finds what an environment still has from an example: accounts, networks and names that belong to nobody."""

from collections.abc import Iterator
from ipaddress import IPv4Network

from spec.environment import Environment

_ACCOUNTS = frozenset({"000000000000", "012345678901", "111111111111", "111122223333", "123456789012"})
"""Accounts of AWS's own examples."""

_NETWORKS = tuple(IPv4Network(block) for block in ("192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24"))
"""For documentation only, and routed nowhere: https://www.rfc-editor.org/rfc/rfc5737"""

_DOMAINS = ("example.com", "example.net", "example.org")
"""Nobody can have these: https://www.rfc-editor.org/rfc/rfc2606"""


def placeholders(env: Environment) -> Iterator[str]:
    """Yield each field with a value of an example, as `field: value`."""
    if env.aws.account in _ACCOUNTS:
        yield f"aws.account: {env.aws.account}"
    for cidr in env.network.allowed_cidrs:
        if any(IPv4Network(cidr).subnet_of(network) for network in _NETWORKS):
            yield f"network.allowed_cidrs: {cidr}"
    if env.web.domain and env.web.domain.endswith(_DOMAINS):
        yield f"web.domain: {env.web.domain}"
