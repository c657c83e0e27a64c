"""The kinds of placement, by `network.mode`."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from compiler.placements.existing import ExistingPlacement
from compiler.placements.kind import PlacementKind
from compiler.placements.public import PublicPlacement
from spec.environment import Environment

PLACEMENTS: Mapping[str, Callable[[Environment], PlacementKind]] = MappingProxyType(
    {"public": PublicPlacement, "existing": ExistingPlacement}
)


def placement_of(env: Environment) -> PlacementKind:
    """Return the placement of an environment."""
    return PLACEMENTS[env.network.mode](env)
