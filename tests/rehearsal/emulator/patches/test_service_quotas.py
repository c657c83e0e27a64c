"""The promises of rehearsal/emulator/patches/service_quotas.py, in an emulator."""

import pytest
from botocore.exceptions import ClientError

from rehearsal.emulator.rules.quotas import QUOTAS
from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_each_quota_in_force_is_answered(yard: Yard) -> None:
    """One by one, and as a list of its service."""
    client = yard.client("service-quotas")
    for quota in QUOTAS:
        found = client.get_service_quota(ServiceCode=quota.service, QuotaCode=quota.code)["Quota"]
        assert (found["QuotaName"], found["Value"]) == (quota.name, quota.value)
        listed = client.list_service_quotas(ServiceCode=quota.service)["Quotas"]
        assert found["QuotaCode"] in {one["QuotaCode"] for one in listed}


def test_another_quota_is_unknown(yard: Yard) -> None:
    """As Service Quotas says it."""
    with pytest.raises(ClientError, match="NoSuchResourceException"):
        yard.client("service-quotas").get_service_quota(ServiceCode="vpc", QuotaCode="L-00000000")
