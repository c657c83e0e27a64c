"""Every way to deliver code, by the word of the YAML."""

from collections.abc import Mapping
from types import MappingProxyType

from deployer.plans.deliveries import efs, files, release
from deployer.plans.deliveries.kind import DeliveryKind, DeployedDelivery
from deployer.stacks.outputs import Outputs
from spec.sections.code import Delivery

DELIVERIES: Mapping[Delivery, DeliveryKind] = MappingProxyType({"efs": efs, "release": release})

DEPLOYED: tuple[DeployedDelivery, ...] = (release, efs, files)
"""Every way in which an environment may have its code, also from an earlier Windsock."""


def deployed_delivery(outputs: Outputs) -> DeployedDelivery:
    """Return the way in which a deployed environment has its code, whatever the YAML says now."""
    return next(kind for kind in DEPLOYED if kind.is_deployed(outputs))


def release_delivery(outputs: Outputs) -> DeliveryKind | None:
    """Return the same where that way keeps releases, and None where an earlier Windsock put single files there."""
    delivery = deployed_delivery(outputs)
    return next((kind for kind in DELIVERIES.values() if kind is delivery), None)
