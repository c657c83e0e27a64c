"""Decides in which availability zones an environment stands, where a region lacks Fargate in some."""

from collections.abc import Mapping, Sequence

from compiler.contract import RootParameter
from spec.aws_facts.regions import FARGATE_ZONES
from spec.environment import Environment
from spec.errors import Refusal

ZONE_PARAMETERS = (RootParameter.ZONE_A, RootParameter.ZONE_B, RootParameter.ZONE_C)
_NUMBERS = {2: "Two", 3: "Three"}


class ZoneRefusal(Refusal):
    """The account has too few zones with Fargate."""


def zone_parameters(env: Environment, zones: Sequence[str]) -> Mapping[str, str]:
    """Return the root's parameters with the zones of its subnets, as they were observed. Raises `ZoneRefusal`."""
    offered = FARGATE_ZONES.get(env.aws.region)
    if offered is None or env.network.given:
        return {}
    wanted = env.network.zones
    if len(zones) < wanted:
        found = f"only {', '.join(zones)}" if zones else "none"
        raise ZoneRefusal(
            f"This account has too few availability zones with Fargate in {env.aws.region}.",
            why=f"{_NUMBERS[wanted]} are needed of {', '.join(offered)}; this account may use {found} of them.",
            next_step="Choose another aws.region, or fewer network.zones, or ask AWS for access to a further zone.",
        )
    return dict(zip(ZONE_PARAMETERS, zones[:wanted], strict=False))
