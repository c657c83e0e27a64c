"""The promises of rehearsal/emulator/networking/interfaces.py."""

from rehearsal.emulator.networking.interfaces import HTTPS, Flow


def test_a_flow_reads_like_a_rule() -> None:
    """As the console writes it; ICMP has no ports."""
    assert str(HTTPS) == "tcp 443"
    assert str(Flow("icmp")) == "icmp"
