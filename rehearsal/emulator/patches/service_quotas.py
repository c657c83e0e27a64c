"""Service Quotas, which MiniStack does not have: it answers with the quotas that the emulator puts in force.

Source: Service Quotas API Reference, https://docs.aws.amazon.com/servicequotas/2019-06-24/apireference/Welcome.html
"""

import json
from collections.abc import Mapping
from typing import Any

from ministack import app
from ministack.core import router
from ministack.core.responses import get_account_id, get_region

from rehearsal.emulator.rules.quotas import QUOTAS, Quota

SERVICE = "servicequotas"
TARGET = "ServiceQuotasV20190624"
JSON = "application/x-amz-json-1.1"

Answer = tuple[int, dict[str, str], bytes]


def apply() -> None:
    """Add the service to those that MiniStack knows."""
    router.SERVICE_PATTERNS[SERVICE] = {"target_prefixes": [TARGET], "credential_scope": SERVICE}
    app.SERVICE_HANDLERS[SERVICE] = answer


async def answer(_method: str, _path: str, headers: Mapping[str, str], body: bytes, _query: Any) -> Answer:
    """Answer one request; the applied quotas are the defaults."""
    action = headers.get("x-amz-target", "").rpartition(".")[2]
    request = json.loads(body or b"{}")
    found = [quota for quota in QUOTAS if quota.service == request.get("ServiceCode")]
    if action in {"ListServiceQuotas", "ListAWSDefaultServiceQuotas"}:
        return _answer(200, {"Quotas": [_described(quota) for quota in found]})
    if action in {"GetServiceQuota", "GetAWSDefaultServiceQuota"}:
        asked = [quota for quota in found if quota.code == request.get("QuotaCode")]
        if asked:
            return _answer(200, {"Quota": _described(asked[0])})
        return _answer(400, {"__type": "NoSuchResourceException", "Message": "The quota does not exist."})
    return _answer(400, {"__type": "UnknownOperationException", "Message": f"The emulator has no {action}."})


def _described(quota: Quota) -> dict[str, Any]:
    return {
        "ServiceCode": quota.service,
        "QuotaCode": quota.code,
        "QuotaName": quota.name,
        "QuotaArn": f"arn:aws:servicequotas:{get_region()}:{get_account_id()}:{quota.service}/{quota.code}",
        "Value": float(quota.value),
        "Unit": "None",
        "Adjustable": True,
        "GlobalQuota": False,
    }


def _answer(status: int, body: dict[str, Any]) -> Answer:
    return status, {"Content-Type": JSON}, json.dumps(body).encode()
