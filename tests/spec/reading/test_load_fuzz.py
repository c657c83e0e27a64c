"""Whatever stands in the file, the loader answers with an environment or a refusal."""

import contextlib
import copy
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spec.errors import SpecRefusal
from spec.reading.load import load, parse
from tests.conftest import Golden
from tests.spec.reading import mutants

ROOT = Path(__file__).parents[3]
TREE = yaml.safe_load(mutants.EXAMPLE)

SPICE = st.sampled_from([*"{}[]:,-#&*!|>'\"%@`\\\n\t ~?=<", "\ufeff", "\x85", "\u2028", "é", "\U0001f32c", "\x00"])
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.text(max_size=12),
    st.dates(),
    st.binary(max_size=4),
    st.sampled_from(["yes", "0123", "1_000", "12:30", "0x1F", "1e3", "<<", "=", "2.5.3", "3.3.2", "{x}"]),
)
TREES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6) | st.integers(), inner, max_size=3),
    max_leaves=8,
)
THOROUGH = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def answer(text: str) -> None:
    """Let the loader answer; anything but its two answers escapes and fails the test."""
    refusal = None
    try:
        parse(text, "env.yaml")
    except SpecRefusal as caught:
        refusal = caught
    if refusal is not None:
        breaks = sum(text.count(character) for character in "\n\r\x85\u2028\u2029")
        assert str(refusal)
        assert all(0 <= fault.line <= breaks + 2 for fault in refusal.faults)


def paths(tree: Any) -> list[tuple[Any, ...]]:
    """Return the path of every value in `tree`."""
    found: list[tuple[Any, ...]] = [()]
    if isinstance(tree, dict | list):
        for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
            found += [(key, *path) for path in paths(value)]
    return found


@given(text=st.text())
@THOROUGH
def test_any_text_loads_or_is_refused(text: str) -> None:
    """Arbitrary text never gets past the loader as anything but an answer."""
    answer(text)


@given(text=st.lists(SPICE | st.sampled_from(["a", "name", "1", "aws: ", "- ", "\n  "]), max_size=40).map("".join))
@THOROUGH
def test_yaml_like_text_loads_or_is_refused(text: str) -> None:
    """Text made of YAML's own punctuation gets an answer."""
    answer(text)


@given(target=st.sampled_from(paths(TREE)[1:]), value=TREES, key=st.none() | st.text(max_size=8))
@THOROUGH
def test_changed_values_load_or_are_refused(target: tuple[Any, ...], value: Any, key: str | None) -> None:
    """The example with a value replaced, or a key added beside it, gets an answer."""
    tree = copy.deepcopy(TREE)
    parent = tree
    for part in target[:-1]:
        parent = parent[part]
    if key is None or not isinstance(parent, dict):
        parent[target[-1]] = value
    else:
        parent[key] = value
    answer(yaml.dump(tree, allow_unicode=True))


PAGE = """# YAMLs that went through the loader

Written by `tests/spec/reading/test_load_fuzz.py` from {count:,} mutants of `env.example.yaml`, the same in every run:
pieces cut out, and characters, brackets, aliases and long words put in their place. `make test` reads these, and
`make endurance` {all:,} by further seeds, within the same bounds.

| mutants | environments | refused in words | tracebacks | of {seconds} s or more | of {mebibytes} MiB or more |
|---|---|---|---|---|---|
| {count:,} | {loaded:,} | {refused:,} | 0 | 0 | 0 |
"""
COUNT, SEEDS = 2000, 50
SECONDS, MEBIBYTES = 2, 200


@pytest.mark.parametrize("seed", [0, *(pytest.param(seed, marks=pytest.mark.endurance) for seed in range(1, SEEDS))])
def test_mutants_load_or_are_refused_in_time_and_memory(seed: int, golden: Golden) -> None:
    """Two thousand of each seed: no traceback, none takes two seconds, and all fit into 200 MiB."""
    done = subprocess.run(
        [sys.executable, "-m", mutants.__name__, str(seed), str(COUNT)],
        cwd=ROOT,
        check=False,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["slowest"] < SECONDS
    assert said["mebibytes"] < MEBIBYTES
    if seed == 0:
        figures = {"refused": said["refused"], "loaded": COUNT - said["refused"]}
        bounds = {"seconds": SECONDS, "mebibytes": MEBIBYTES, "all": COUNT * SEEDS}
        golden(ROOT / "docs" / "security" / "mutants.md", PAGE.format(count=COUNT, **figures, **bounds))


@given(content=st.binary(max_size=200))
@settings(THOROUGH, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_load_or_are_refused(tmp_path_factory: Any, content: bytes) -> None:
    """Arbitrary bytes in the file get an answer."""
    path = tmp_path_factory.getbasetemp() / "bytes.yaml"
    path.write_bytes(content)
    with contextlib.suppress(SpecRefusal):
        load(path)
