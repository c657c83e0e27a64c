"""Every way to deliver code, by the word of the YAML."""

from collections.abc import Mapping
from types import MappingProxyType

from deployer.plans.deliveries import efs, release
from deployer.plans.deliveries.kind import DeliveryKind
from deployer.stacks.outputs import Outputs
from spec.sections.code import Delivery

DELIVERIES: Mapping[Delivery, DeliveryKind] = MappingProxyType({"efs": efs, "release": release})


def deployed_delivery(outputs: Outputs) -> DeliveryKind:
    """Return the way in which a deployed environment has its code, whatever the YAML says now."""
    return next(kind for kind in DELIVERIES.values() if kind.is_deployed(outputs))
