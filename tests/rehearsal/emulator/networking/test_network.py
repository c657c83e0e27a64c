"""The promises of rehearsal/emulator/networking/network.py that need no namespaces; the emulator keeps the others."""

import ipaddress
from concurrent.futures import ThreadPoolExecutor

from rehearsal.emulator.networking import network


def test_addresses_are_unique() -> None:
    """Tasks start side by side."""
    own = network.Network()
    with ThreadPoolExecutor(8) as pool:
        addresses = list(pool.map(lambda _: own.new_address("task 1"), range(400)))
    assert len(set(addresses)) == 400


def test_addresses_are_in_the_network_but_not_the_gateways() -> None:
    """A task reaches its neighbours without a route, and never takes the gateway's place."""
    address = ipaddress.ip_address(network.Network().new_address("task 1"))
    assert address in network.POOL
    assert address in network.NETWORK
    assert ipaddress.ip_address(network.GATEWAY) in network.NETWORK
    assert ipaddress.ip_address(network.GATEWAY) not in network.POOL
    assert ipaddress.ip_address(network.CREDENTIALS_ADDRESS) not in network.NETWORK
