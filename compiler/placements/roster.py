"""The kinds of placement, by `network.mode`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from compiler.placements.endpoints import EndpointsPlacement
from compiler.placements.existing import ExistingPlacement
from compiler.placements.kind import PlacementKind
from compiler.placements.private import PrivatePlacement
from compiler.placements.public import PublicPlacement
from spec.environment import Environment

PLACEMENTS: Mapping[str, Callable[[Environment, Any], PlacementKind]] = MappingProxyType(
    {
        "public": PublicPlacement,
        "private": PrivatePlacement,
        "endpoints": EndpointsPlacement,
        "existing": ExistingPlacement,
    }
)


def placement_of(env: Environment) -> PlacementKind:
    """Return the placement of an environment."""
    return PLACEMENTS[env.network.mode](env, env.network)
