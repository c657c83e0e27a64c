"""Certificates through the real client, answered by hand."""

from datetime import UTC, datetime

import pytest

from deployer.aws.acm import Acm, Certificate
from deployer.aws.errors import AwsRefusal
from tests.deployer.aws.stub import stubbed

ARN = "arn:aws:acm:us-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012"


def test_a_certificate_has_its_state_and_its_end() -> None:
    """In ACM's own words."""
    client, stub = stubbed("acm")
    found = {"Status": "EXPIRED", "NotAfter": datetime(2026, 10, 1, tzinfo=UTC)}
    stub.add_response("describe_certificate", {"Certificate": found}, {"CertificateArn": ARN})
    assert Acm(client).certificate(ARN) == Certificate(arn=ARN, state="EXPIRED", ends="2026-10-01")


def test_a_certificate_that_is_gone_is_absent() -> None:
    """Somebody has deleted it; every other refusal is one."""
    client, stub = stubbed("acm")
    stub.add_client_error("describe_certificate", "ResourceNotFoundException")
    assert Acm(client).certificate(ARN).state == "absent"
    stub.add_client_error("describe_certificate", "AccessDeniedException")
    with pytest.raises(AwsRefusal):
        Acm(client).certificate(ARN)
