"""Every network mode of the YAML has its placement."""

from compiler.placements.roster import PLACEMENTS
from spec.reading.model_index import kinds


def test_every_mode_of_the_yaml_has_a_placement() -> None:
    """The JSON schema and the compiler know the same words."""
    assert set(kinds(("network",))) == set(PLACEMENTS)
