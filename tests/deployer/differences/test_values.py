"""Two values are compared down to what really differs, and a value is one line."""

from typing import Any

import pytest

from deployer.differences.values import ValueChange, changes, shown

SECRET = {"Name": "A", "Value": "1"}


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({"A": 1}, {"A": 1}, []),
        ({"A": 1}, {"A": 2}, [("A", 1, 2)]),
        ({"A": {"B": 1}}, {"A": {}}, [("A.B", 1, None)]),
        ({"A": {"Ref": "X"}}, {"A": {"Ref": "Y"}}, [("A", {"Ref": "X"}, {"Ref": "Y"})]),
        ({"L": [SECRET]}, {"L": [{**SECRET, "Value": "2"}]}, [("L[A]", "1", "2")]),
        ({"L": [SECRET]}, {"L": []}, [("L[A]", "1", None)]),
        ({"L": [SECRET, {**SECRET, "Name": "B"}]}, {"L": [SECRET]}, [("L[B]", "1", None)]),
        ({"L": [{"Name": "A", "X": 1, "Y": 1}]}, {"L": [{"Name": "A", "X": 2, "Y": 1}]}, [("L[A].X", 1, 2)]),
        ({"L": [1, 2]}, {"L": [2, 3]}, [("L[]", 1, 3)]),
        ({"L": [1, 2]}, {"L": [3]}, [("L[]", 1, None), ("L[]", 2, None), ("L[]", None, 3)]),
        ({"L": [1, 1]}, {"L": [1]}, [("L[]", 1, None)]),
        ({"L": [1, 2]}, {"L": [2, 1]}, [("L", [1, 2], [2, 1])]),
        ({"A": [1]}, {"A": "1"}, [("A", [1], "1")]),
    ],
)
def test_the_smallest_values_that_differ_are_named(before: Any, after: Any, expected: list[Any]) -> None:
    """Items of a list go by their names, or else by what they are; an order is a change of the whole list."""
    assert list(changes(before, after)) == [ValueChange(*change) for change in expected]


def test_named_items_in_another_order_are_one_change() -> None:
    """ECS starts containers in the order of a definition, so an order means something."""
    first, second = {"Name": "A", "X": 1}, {"Name": "B", "X": 1}
    assert list(changes([first, second], [second, first], "L")) == [ValueChange("L", ["A", "B"], ["B", "A"])]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        ("", '""'),
        ("text", "text"),
        (True, "true"),
        ({"Ref": "X"}, "!Ref X"),
        ({"Fn::GetAtt": "X.Arn"}, "!GetAtt X.Arn"),
        ({"Fn::Sub": "a ${X}"}, "a ${X}"),
        ([{"Ref": "X"}, 1], "[!Ref X, 1]"),
        ({"A": 1, "B": 2}, '{"A": 1, "B": 2}'),
    ],
)
def test_a_value_is_one_line(value: Any, text: str) -> None:
    """With intrinsics as templates have them."""
    assert shown(value) == text
