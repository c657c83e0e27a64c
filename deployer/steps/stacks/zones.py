"""Decides in which availability zones an environment stands, where a region lacks Fargate in some."""

from collections.abc import Mapping, Sequence

from compiler.contract import RootParameter
from deployer.aws.session import Session
from spec.aws_facts.regions import FARGATE_ZONES
from spec.environment import Environment
from spec.errors import Refusal

ZONE_PARAMETERS = (RootParameter.ZONE_A, RootParameter.ZONE_B, RootParameter.ZONE_C)
_NUMBERS = {2: "Two", 3: "Three"}


class ZoneRefusal(Refusal):
    """The account has too few zones with Fargate."""


def usable_zones(session: Session, region: str, wanted: int, known: Sequence[str]) -> tuple[str, ...]:
    """Return the zones for subnets, the `known` ones first; none in a region where all zones have Fargate."""
    offered = FARGATE_ZONES.get(region)
    if offered is None:
        return ()
    if len(known) >= wanted:
        return tuple(known)
    names = session.ec2.zones()
    usable = (names[zone] for zone in offered if zone in names)
    return tuple(dict.fromkeys((*known, *usable)))[:wanted]


def zone_parameters(env: Environment, zones: Sequence[str]) -> Mapping[str, str]:
    """Return the root's parameters with the zones of its subnets, as they were observed. Raises `ZoneRefusal`."""
    return subnet_zones(env.aws.region, env.network.zones, zones) if env.network.makes_vpc else {}


def subnet_zones(region: str, wanted: int, zones: Sequence[str]) -> Mapping[str, str]:
    """Return the parameters of a template with subnets: `wanted` of the `zones`. Raises `ZoneRefusal`."""
    offered = FARGATE_ZONES.get(region)
    if offered is None:
        return {}
    if len(zones) < wanted:
        found = f"only {', '.join(zones)}" if zones else "none"
        raise ZoneRefusal(
            f"This account has too few availability zones with Fargate in {region}.",
            why=f"{_NUMBERS[wanted]} are needed of {', '.join(offered)}; this account may use {found} of them.",
            next_step="Choose another aws.region, or fewer network.zones, or ask AWS for access to a further zone.",
        )
    return dict(zip(ZONE_PARAMETERS, zones[:wanted], strict=False))
