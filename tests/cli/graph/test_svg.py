"""The picture as SVG: well formed, inside of its page, and committed for every example."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from cli.graph.architecture import Architecture, Column, Edge, Node, architecture
from cli.graph.svg import svg
from compiler.compile import compile_environment
from deployer.differences.difference import Danger
from spec.reading.load import load

ROOT = Path(__file__).parents[3]
PICTURES = ROOT / "docs" / "images" / "architecture"
ENVIRONMENTS = [ROOT / "env.example.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]
TAG = "{http://www.w3.org/2000/svg}"


def _node(name: str, column: Column = Column.PROCESSES, danger: Danger | None = None) -> Node:
    return Node(name=name, title=name, column=column, danger=danger)


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_the_picture_of_every_example_is_committed(path: Path, golden: Callable[[Path, str], None]) -> None:
    """As the docs show it."""
    picture = svg(architecture(compile_environment(load(path))))
    golden(PICTURES / f"{path.stem}.svg", picture)
    root = ET.fromstring(picture)  # noqa: S314  # it is ours
    width, height = map(int, root.attrib["viewBox"].split()[2:])
    for box in root.iter(f"{TAG}rect"):
        assert int(box.attrib["x"]) + int(box.attrib["width"]) <= width
        assert int(box.attrib["y"]) + int(box.attrib["height"]) <= height


def test_a_name_cannot_leave_its_text() -> None:
    """Whoever chose it."""
    picture = Architecture(title="<a>", nodes=(_node('<b>"&'),), edges=())
    assert "<b>" not in svg(picture)
    assert ET.fromstring(svg(picture)) is not None  # noqa: S314  # it is ours


def test_only_what_is_marked_has_a_legend() -> None:
    """A picture without changes has none."""
    plain = Architecture(title="a", nodes=(_node("A"),), edges=())
    marked = Architecture(title="a", nodes=(_node("A", danger=Danger.ADDED),), edges=())
    assert ("added</text>" in svg(plain), "added</text>" in svg(marked)) == (False, True)


def test_a_line_within_the_first_column_has_room() -> None:
    """It leaves on the left."""
    edge = Edge(source="A", target="B", label="tcp 1", danger=Danger.REMOVED)
    drawn = svg(Architecture(title="a", nodes=(_node("A"), _node("B")), edges=(edge,)))
    assert 'class="removed" d="M99,' in drawn
