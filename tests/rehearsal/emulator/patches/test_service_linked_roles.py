"""The promises of rehearsal/emulator/patches/service_linked_roles.py, in an emulator."""

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal
NAME = "AWSServiceRoleForECS"
CLUSTER: dict[str, Any] = {"Type": "AWS::ECS::Cluster", "Properties": {"CapacityProviders": ["FARGATE"]}}
WORDS = "Unable to assume the service linked role"


@pytest.fixture
def account(yard: Yard) -> Iterator[Yard]:
    """Return the emulator as a new account; it has the role again afterwards."""
    yard.client("iam").delete_service_linked_role(RoleName=NAME)
    yield yard
    roles = [role["RoleName"] for role in yard.client("iam").list_roles()["Roles"]]
    if NAME not in roles:
        yard.link_ecs()


def test_a_cluster_with_capacity_providers_fails_the_first_time(account: Yard) -> None:
    """ECS makes its role then, so that the second try succeeds."""
    stack = account.create("first-cluster", {"Cluster": CLUSTER})
    assert account.status(stack) == "ROLLBACK_COMPLETE"
    assert any(WORDS in reason for name, _, reason in account.events(stack) if name == "Cluster")
    account.delete(stack)
    stack = account.create("second-cluster", {"Cluster": CLUSTER})
    assert account.status(stack) == "CREATE_COMPLETE"
    account.delete(stack)


def test_the_api_refuses_in_the_same_words(account: Yard) -> None:
    """A cluster without capacity providers needs no role."""
    ecs = account.client("ecs")
    ecs.create_cluster(clusterName="bare")
    with pytest.raises(ClientError, match=WORDS):
        ecs.create_cluster(clusterName="providing", capacityProviders=["FARGATE"])
    ecs.create_cluster(clusterName="providing", capacityProviders=["FARGATE"])
    for name in ("bare", "providing"):
        ecs.delete_cluster(cluster=name)


def test_a_role_that_was_just_made_cannot_be_assumed(account: Yard) -> None:
    """It has not arrived everywhere; a cluster that does not wait for it fails."""
    account.client("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    stack = account.create("early-cluster", {"Cluster": CLUSTER})
    assert any(WORDS in reason for _, _, reason in account.events(stack))
    account.delete(stack)
    account.until(lambda: _is_shown(account.client("iam")))


def test_a_role_is_made_once_under_the_name_of_aws(account: Yard) -> None:
    """A second is refused; with the role, a cluster is created as soon as IAM shows it."""
    iam = account.client("iam")
    made = iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")["Role"]
    assert made["Arn"].endswith(f":role/aws-service-role/ecs.amazonaws.com/{NAME}")
    with pytest.raises(ClientError, match=r"InvalidInput.*has been taken in this account"):
        iam.create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
    with pytest.raises(ClientError, match="NoSuchEntity"):
        iam.get_role(RoleName=NAME)
    account.until(lambda: _is_shown(iam))
    stack = account.create("ready-cluster", {"Cluster": CLUSTER})
    assert account.status(stack) == "CREATE_COMPLETE"
    account.delete(stack)


def _is_shown(iam: Any) -> bool:
    try:
        iam.get_role(RoleName=NAME)
    except ClientError:
        return False
    return True
