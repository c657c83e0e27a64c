"""A network of no kind in particular makes no VPC and has no file beside the YAML."""

from spec.sections.networks.allowed import AllowedNetworks


def test_a_network_makes_and_reads_nothing_unless_it_says_so() -> None:
    """Whoever makes a VPC, or reads one from a file, says so itself; the way out is another network."""
    network = AllowedNetworks(mode="some", allowed_cidrs=("203.0.113.0/24",))
    assert (network.makes_vpc, network.files) == (False, ())
    assert network.remedy.startswith("Name others below network in the YAML")
