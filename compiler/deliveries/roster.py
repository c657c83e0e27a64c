"""Every way to deliver code, by its word in the YAML."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from compiler.deliveries.efs import EfsDelivery
from compiler.deliveries.kind import DeliveryKind
from compiler.deliveries.release import ReleaseDelivery
from spec.environment import Environment
from spec.sections.code import Delivery

DELIVERIES: Mapping[Delivery, Callable[[Environment], DeliveryKind]] = MappingProxyType(
    {"efs": EfsDelivery, "release": ReleaseDelivery}
)


def delivery_of(env: Environment) -> DeliveryKind:
    """Return the way in which an environment delivers its code."""
    return DELIVERIES[env.code_delivery](env)
