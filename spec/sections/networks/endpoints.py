"""The kind `endpoints` of the `network` section: a VPC whose tasks have no way to the internet."""

from typing import Annotated, Literal

from pydantic import Field

from spec.section import EACH_ONCE
from spec.sections.networks.own_vpc import OwnVpc

MOST_SERVICES = 20

ServiceName = Annotated[str, Field(pattern=r"^[a-z][a-z0-9-]*(\.[a-z0-9-]+)*$", max_length=64)]


class EndpointNetwork(OwnVpc):
    """A VPC of the environment's own, whose tasks reach AWS through endpoints and nothing else."""

    mode: Literal["endpoints"]
    """`endpoints`: tasks run in subnets without a route to the internet. They reach AWS through endpoints, one for each
    service that the environment uses; the load balancer is in public subnets."""

    services: Annotated[tuple[ServiceName, ...], Field(strict=False, max_length=MOST_SERVICES), EACH_ONCE] = ()
    """Further AWS services that DAGs reach, by the names of their endpoints, such as sqs, sts or glue: at most 20. Each
    is paid by the hour in every zone; those of s3 and dynamodb are free. Default none. Source: "AWS services that
    integrate with AWS PrivateLink", AWS PrivateLink Guide."""

    @property
    def public_addresses(self) -> bool:
        """Whether every task gets a public address: none does."""
        return False

    @property
    def reaches_internet(self) -> bool:
        """Whether tasks reach the internet: they do not."""
        return False
