"""A VPC of the environment's own whose tasks have public addresses."""

from tests.spec.minimal import minimal


def test_a_section_without_a_mode_is_public() -> None:
    """Its tasks have public addresses, and nothing of the network is there before."""
    network = minimal().network
    assert (network.mode, network.public_addresses, network.given) == ("public", True, None)


def test_a_load_balancer_of_any_scheme_fits() -> None:
    """Inside the VPC too, for people with a way into it."""
    assert not minimal(more="web: {scheme: internal}\n").web.internet_facing
