"""The value that all pages are made of."""

from deployer.differences.difference import Danger, Difference, ResourceDifference


def _resource(path: str, danger: Danger) -> ResourceDifference:
    return ResourceDifference(path=path, type="T", description="", danger=danger)


def test_the_worst_comes_first() -> None:
    """Dangers that do not occur are left out."""
    added, state = _resource("A/B", Danger.ADDED), _resource("C", Danger.STATE)
    found = Difference(resources=(added, state))
    assert list(found.by_danger()) == [(Danger.STATE, (state,)), (Danger.ADDED, (added,))]


def test_nothing_that_differs_is_false() -> None:
    """However many resources there are."""
    assert not Difference(unchanged=5)
    assert Difference(resources=(_resource("A", Danger.ADDED),))


def test_a_resource_knows_its_stack() -> None:
    """The root has no name."""
    assert _resource("A/B", Danger.ADDED).stack == "A"
    assert _resource("C", Danger.ADDED).stack == ""
