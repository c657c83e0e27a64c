"""Every executor of the YAML has its kind in the compiler."""

from compiler.executors.roster import EXECUTORS
from spec.sections.executor import EXECUTORS as OFFERED


def test_every_executor_of_the_yaml_has_a_kind() -> None:
    """An executor that the YAML offers and the compiler does not know would fail while it compiles."""
    assert set(EXECUTORS) == set(OFFERED)
