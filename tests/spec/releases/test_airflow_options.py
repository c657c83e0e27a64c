"""Layers of options lie over each other, and a merged one cannot be changed."""

from typing import cast

import pytest

from spec.releases.airflow_options import merge


def test_a_later_layer_overrides_an_earlier_one() -> None:
    """Key by key: what a later layer does not name stays."""
    merged = merge({"core": {"a": 1, "b": 2}}, {"core": {"b": 3}, "logging": {"c": True}})
    assert {section: dict(keys) for section, keys in merged.items()} == {
        "core": {"a": 1, "b": 3},
        "logging": {"c": True},
    }


def test_merged_layers_cannot_be_changed() -> None:
    """Nobody can write to a table of releases."""
    merged = merge({"core": {"a": 1}})
    with pytest.raises(TypeError):
        cast("dict[str, int]", merged["core"])["a"] = 2
