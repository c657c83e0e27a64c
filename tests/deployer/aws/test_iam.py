"""Service-linked roles through the real client, answered by hand."""

from datetime import UTC, datetime

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.aws.iam import Iam
from tests.deployer.aws.stub import stubbed

SERVICE, NAME = "ecs.amazonaws.com", "AWSServiceRoleForECS"
ROLE = {
    "Path": f"/aws-service-role/{SERVICE}/",
    "RoleName": NAME,
    "RoleId": "AROA0123456789ABCDEF",
    "Arn": f"arn:aws:iam::123456789012:role/aws-service-role/{SERVICE}/{NAME}",
    "CreateDate": datetime(2026, 1, 1, tzinfo=UTC),
}


def test_a_role_is_there_or_not() -> None:
    """IAM answers for one that it does not know with an error."""
    client, stub = stubbed("iam")
    stub.add_response("get_role", {"Role": ROLE}, {"RoleName": NAME})
    stub.add_client_error("get_role", "NoSuchEntity")
    assert [Iam(client).has_role(NAME) for _ in range(2)] == [True, False]


def test_a_role_that_somebody_made_meanwhile_is_no_error() -> None:
    """The account has it, and that was wanted."""
    client, stub = stubbed("iam")
    taken = f"Service role name {NAME} has been taken in this account, please try a different suffix."
    stub.add_client_error("create_service_linked_role", "InvalidInput", taken)
    Iam(client).create_service_linked_role(SERVICE)
    stub.assert_no_pending_responses()


@pytest.mark.parametrize(("code", "message"), [("InvalidInput", "no such service"), ("AccessDenied", "no")])
def test_another_error_is_one(code: str, message: str) -> None:
    """Above all a missing permission."""
    client, stub = stubbed("iam")
    stub.add_client_error("create_service_linked_role", code, message)
    with pytest.raises(AwsRefusal):
        Iam(client).create_service_linked_role(SERVICE)
