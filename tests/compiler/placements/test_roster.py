"""Every network mode of the YAML has its placement."""

from typing import get_args

from compiler.contract import PUBLIC_ADDRESS
from compiler.placements.roster import PLACEMENTS
from spec.sections.network import Network


def test_every_mode_of_the_yaml_has_a_placement() -> None:
    """The deployer knows of each mode whether one-off tasks get a public address."""
    modes = set(get_args(Network.model_fields["mode"].annotation))
    assert modes == set(PLACEMENTS) == set(PUBLIC_ADDRESS)
