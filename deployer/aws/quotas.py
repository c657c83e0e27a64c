"""Quotas of the account in this region: their values, and how many resources count against them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal
from deployer.aws.inventory import Clients, Kind, inventory

if TYPE_CHECKING:
    from mypy_boto3_service_quotas import ServiceQuotasClient

_UNKNOWN = frozenset(
    {"AccessDenied", "AccessDeniedException", "NoSuchResourceException", "UnrecognizedClientException"}
)


@dataclass(frozen=True)
class Quotas:
    """Service Quotas in one region, and the services whose resources it limits."""

    clients: Clients

    def value(self, service: str, code: str) -> float | None:
        """Return the value of a quota; None where the account may not ask, or the region has no such quota."""
        client: ServiceQuotasClient = self.clients.client("service-quotas")
        try:
            return client.get_service_quota(ServiceCode=service, QuotaCode=code)["Quota"].get("Value")
        except AwsRefusal as error:
            if error.code in _UNKNOWN:
                return None
            raise

    def used(self, kind: Kind) -> int:
        """Return how many resources of a kind the account has in this region."""
        return sum(1 for _ in inventory(self.clients, (kind,)))
