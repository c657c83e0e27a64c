"""Promises of private names: each environment has a domain of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from troposphere import Ref, Template

from compiler.model.stack import StackBuilder
from compiler.resources.service_discovery import add_private_name, private_domain

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_the_domain_is_the_environment_s_own(case: Case) -> None:
    """Two environments never share a name."""
    assert private_domain(case.env) == f"{case.env.name}.airflow.local"


def test_a_name_has_a_short_ttl_and_only_healthy_tasks() -> None:
    """A task with a new address is found there soon."""
    stack = StackBuilder(name="platform", template=Template())
    add_private_name(stack, "ApiRegistry", "api", Ref("Namespace"), "Private DNS name of the API server")
    registry = stack.template.to_dict()["Resources"]["ApiRegistry"]["Properties"]
    assert registry["DnsConfig"]["DnsRecords"] == [{"Type": "A", "TTL": "10"}]
