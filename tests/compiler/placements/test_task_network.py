"""Where tasks stand: in the subnets of their placement, each with its own security group."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case


def test_every_service_has_a_security_group_of_its_own(case: Case) -> None:
    """So that the rules can tell one process from another."""
    services = case.resources("AWS::ECS::Service").values()
    networks = [service["Properties"]["NetworkConfiguration"]["AwsvpcConfiguration"] for service in services]
    groups = [network["SecurityGroups"] for network in networks]
    assert all(len(one) == 1 for one in groups)
    assert len({str(one) for one in groups}) == len(groups)
