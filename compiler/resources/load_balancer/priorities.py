"""The order of the rules of a listener: of one that is the environment's own, and of one that several share.

A listener takes each priority once, from 1 to 50000. Source: "Listener rules", Application Load Balancer user guide,
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/listener-rules.html
"""

import hashlib
from enum import IntEnum

from spec.environment import Environment

LAST = 50_000


class Place(IntEnum):
    """The rules of a site in their order, with their priorities at a listener of its own."""

    INTERNAL = 10
    INTERNAL_BELOW_PATH = 11
    ASLEEP = 20
    """Ahead of what leads to Airflow and of any login, and behind what is closed to visitors."""
    PROGRAMS = 50
    SITE = 100


def priority(env: Environment, place: Place) -> int:
    """Return the priority of a rule; at a shared listener the host name of the site says which are its own.

    Every rule there asks for a host, so only the order among the rules of one site counts. Two host names may mean the
    same priorities: a deploy looks at those of the listener before it makes anything.
    """
    if not env.web.is_shared:
        return int(place)
    places = list(Place)
    digest = hashlib.sha256(str(env.web.domain).encode()).digest()
    block = int.from_bytes(digest, "big") % (LAST // len(places))
    return block * len(places) + places.index(place) + 1
