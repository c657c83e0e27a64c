"""The kinds of placement, by `network.mode`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from compiler.placements.endpoints import EndpointsPlacement
from compiler.placements.existing import ExistingPlacement
from compiler.placements.kind import PlacementKind
from compiler.placements.own_vpc import OwnVpcPlacement
from compiler.placements.private import PrivatePlacement
from compiler.placements.public import PublicPlacement
from compiler.placements.shared import SharedPlacement
from spec.environment import Environment
from spec.sections.network import Shared
from spec.sections.networks.shared_network import SharedNetwork

VPC_PLACEMENTS: Mapping[str, Callable[[SharedNetwork, Any], OwnVpcPlacement]] = MappingProxyType(
    {"public": PublicPlacement, "private": PrivatePlacement}
)
"""Those that several environments can share."""


def network_placement(network: SharedNetwork) -> OwnVpcPlacement:
    """Return what stands where in the VPC of several environments."""
    return VPC_PLACEMENTS[network.network.mode](network, network.network)


def _shared(env: Environment, section: Shared) -> SharedPlacement:
    return SharedPlacement(env, section, network_placement(section.shared))


PLACEMENTS: Mapping[str, Callable[[Environment, Any], PlacementKind]] = MappingProxyType(
    {
        "public": PublicPlacement,
        "private": PrivatePlacement,
        "endpoints": EndpointsPlacement,
        "existing": ExistingPlacement,
        "shared": _shared,
    }
)


def placement_of(env: Environment) -> PlacementKind:
    """Return the placement of an environment."""
    return PLACEMENTS[env.network.mode](env, env.network)
