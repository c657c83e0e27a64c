"""The `network` section: where load balancer, tasks and database stand, and who reaches them, by `mode`."""

from typing import Annotated

from pydantic import Tag

from spec.section import by_kind
from spec.sections.networks.endpoints import EndpointNetwork
from spec.sections.networks.existing import Existing
from spec.sections.networks.private import Private
from spec.sections.networks.public import Public
from spec.sections.networks.shared import Shared

__all__ = ["EndpointNetwork", "Existing", "Network", "Private", "Public", "Shared"]

Network = Annotated[
    Annotated[Public, Tag("public")]
    | Annotated[Private, Tag("private")]
    | Annotated[EndpointNetwork, Tag("endpoints")]
    | Annotated[Existing, Tag("existing")]
    | Annotated[Shared, Tag("shared")],
    by_kind("public", key="mode"),
]
"""The network of the cluster, by `mode`."""
