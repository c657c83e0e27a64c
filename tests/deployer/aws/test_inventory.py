"""The inventory lists everything that an environment could leave, however a service lists it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest

from deployer.aws.inventory import KINDS, Kind, inventory

MODELS = botocore.session.Session()
EVERY_KIND = pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.label)


@dataclass
class FakeClient:
    """One service: the pages of each operation, page by page or, without pagination, all in one answer."""

    pages: Mapping[str, tuple[Mapping[str, Any], ...]]
    paginated: bool
    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)

    def can_paginate(self, _operation: str) -> bool:
        """Mirror the real client."""
        return self.paginated

    def get_paginator(self, operation: str) -> "FakePaginator":
        """Mirror the real client; one that cannot paginate fails as the real one does."""
        assert self.paginated
        return FakePaginator(self, operation)

    def __getattr__(self, operation: str) -> Any:
        """Return the operation itself, which gives its first page alone."""

        def call(**arguments: Any) -> Mapping[str, Any]:
            self.calls.append((operation, arguments))
            return self.pages.get(operation, ({},))[0]

        return call


@dataclass(frozen=True)
class FakePaginator:
    """The pages of one operation."""

    client: FakeClient
    operation: str

    def paginate(self, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        """Mirror the real paginator."""
        self.client.calls.append((self.operation, arguments))
        yield from self.client.pages.get(self.operation, ())


@dataclass
class FakeClients:
    """An account: its services by name, the others empty."""

    services: Mapping[str, FakeClient] = field(default_factory=dict)

    def client(self, service: str) -> Any:
        """Mirror the session."""
        return self.services.get(service) or FakeClient({}, paginated=True)


def _account(service: str, operation: str, *pages: Mapping[str, Any], paginated: bool = True) -> FakeClients:
    return FakeClients({service: FakeClient({operation: pages}, paginated=paginated)})


def test_an_empty_account_is_an_empty_inventory() -> None:
    """An answer may lack the list altogether."""
    assert list(inventory(FakeClients())) == []
    assert list(inventory(_account("ecs", "list_clusters", {}))) == []


def test_every_page_is_read() -> None:
    """What stands on the second page is left behind as well."""
    pages = ({"Stacks": [{"StackName": "one"}]}, {"Stacks": [{"StackName": "two"}]})
    assert list(inventory(_account("cloudformation", "describe_stacks", *pages))) == ["stack one", "stack two"]


def test_an_operation_without_pages_is_called_once() -> None:
    """Not every service has pages."""
    answer = {"Buckets": [{"Name": "code"}]}
    assert list(inventory(_account("s3", "list_buckets", answer, paginated=False))) == ["bucket code"]


def test_an_item_may_be_its_own_name() -> None:
    """Some lists hold ARNs and nothing else."""
    arn = "arn:aws:ecs:us-west-2:123456789012:cluster/demo"
    assert list(inventory(_account("ecs", "list_clusters", {"clusterArns": [arn]}))) == [f"cluster {arn}"]


def test_a_kind_with_arguments_is_called_with_them() -> None:
    """Deregistered revisions cost nothing and cannot be removed at once, so only active ones are listed."""
    account = _account("ecs", "list_task_definitions", {})
    list(inventory(account))
    assert ("list_task_definitions", {"status": "ACTIVE"}) in account.services["ecs"].calls


@pytest.mark.parametrize("is_default", [True, False])
def test_the_default_vpc_is_not_listed(is_default: bool) -> None:  # noqa: FBT001  # parametrised
    """Every account has one from its beginning."""
    pages = {"Vpcs": [{"VpcId": "vpc-1", "IsDefault": is_default}]}
    assert list(inventory(_account("ec2", "describe_vpcs", pages))) == ([] if is_default else ["network vpc-1"])


def test_default_security_groups_go_with_their_network() -> None:
    """They cannot be deleted on their own."""
    groups = [{"GroupId": "sg-1", "GroupName": "default"}, {"GroupId": "sg-2", "GroupName": "demo"}]
    account = _account("ec2", "describe_security_groups", {"SecurityGroups": groups})
    assert list(inventory(account)) == ["security group sg-2"]


@EVERY_KIND
def test_every_kind_is_spelt_as_its_service_spells_it(kind: Kind) -> None:
    """Operation, arguments and keys are those of the service's own model: a misspelt one would always be empty."""
    client = MODELS.create_client(kind.service, "us-west-2")
    model = client.meta.service_model.operation_model(client.meta.method_to_api_mapping[kind.operation])
    assert model.output_shape
    entries: Any = model.output_shape.members[kind.items]
    members = getattr(entries.member, "members", {})
    assert {name for name, _ in kind.arguments} <= {*(model.input_shape.members if model.input_shape else ())}
    assert {key for key, _ in kind.ignore} <= {*members}
    assert (kind.name in members) if kind.name else entries.member.type_name == "string"


def test_a_role_of_aws_itself_is_not_listed() -> None:
    """A service-linked role belongs to the account, under whatever service's path."""
    roles = [{"RoleName": "own", "Path": "/"}, {"RoleName": "aws", "Path": "/aws-service-role/ecs.amazonaws.com/"}]
    client = FakeClient({"list_roles": ({"Roles": roles},)}, paginated=True)
    assert list(inventory(FakeClients({"iam": client}))) == ["role own"]
