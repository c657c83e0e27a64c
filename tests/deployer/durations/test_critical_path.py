"""The longest chain decides when everything is there."""

import pytest

from deployer.durations.critical_path import Resources, longest

MINUTES = {"Network": 1.0, "Database": 8.0, "Edge": 3.0, "Services": 4.0, "Alone": 2.0}
STACKS: Resources = {
    "Network": {"Properties": {}},
    "Database": {"Properties": {"Parameters": {"Vpc": {"Fn::GetAtt": "Network.Outputs.Vpc"}}}},
    "Edge": {"DependsOn": "Network"},
    "Services": {
        "DependsOn": ["Edge"],
        "Properties": {"Url": [{"Fn::Sub": "${Database.Outputs.Host}:${AWS::Region}"}]},
    },
    "Alone": {},
}


def test_the_longest_chain_is_found() -> None:
    """By GetAtt, by Sub within a list, and by DependsOn, in either spelling."""
    path = longest(STACKS, MINUTES.__getitem__)
    assert path.steps == (("Network", 1.0), ("Database", 8.0), ("Services", 4.0))
    assert path.minutes == pytest.approx(13.0)


def test_a_quick_resource_leaves_the_critical_path() -> None:
    """Without a slow database the load balancer is on the path."""
    path = longest(STACKS, (MINUTES | {"Database": 0.5}).__getitem__)
    assert [name for name, _ in path.steps] == ["Network", "Edge", "Services"]


def test_parameters_are_not_waited_for() -> None:
    """Parameters and pseudo parameters are no resources."""
    assert (
        longest({"A": {"Properties": {"X": {"Ref": "AWS::Region"}, "Y": {"Ref": "B"}}}}, lambda _: 1.0).minutes == 1.0
    )


def test_an_empty_template_takes_no_time() -> None:
    """A template without resources is complete at once."""
    assert longest({}, lambda _: 1.0).minutes == 0.0
