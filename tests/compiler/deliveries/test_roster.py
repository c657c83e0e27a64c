"""The roster knows every way that the YAML may name."""

from compiler.deliveries.efs import EfsDelivery
from compiler.deliveries.roster import DELIVERIES, delivery_of
from spec.sections.code import DELIVERIES as WORDS
from tests.spec.minimal import minimal


def test_each_word_of_the_yaml_has_its_module() -> None:
    """An environment gets the one that its YAML names."""
    assert DELIVERIES.keys() == WORDS.keys()
    assert isinstance(delivery_of(minimal()), EfsDelivery)
