"""Writes an architecture as Mermaid, which GitHub and GitLab draw in comments and pages."""

from collections.abc import Iterator

from cli.graph.architecture import MARKS, Architecture, Column, Edge, Node
from deployer.differences.difference import Danger

_STYLES = {
    "risk": "stroke:#c62828,stroke-width:4px",
    "changed": "stroke:#ef6c00,stroke-width:3px",
    "added": "stroke:#2e7d32,stroke-width:3px",
    "removed": "stroke:#c62828,stroke-width:2px,stroke-dasharray:5",
}
"""How Mermaid draws each mark."""


def mermaid(picture: Architecture) -> str:
    """Return the picture as a flow chart from left to right."""
    ids = {node.name: f"n{number}" for number, node in enumerate(picture.nodes)}
    return "\n".join(
        [
            "flowchart LR",
            *_columns(picture, ids),
            *(_edge(edge, ids) for edge in picture.edges),
            *_classes(picture, ids),
        ]
    )


def _columns(picture: Architecture, ids: dict[str, str]) -> Iterator[str]:
    for column in Column:
        nodes = [node for node in picture.nodes if node.column is column]
        if nodes:
            yield f"  subgraph {column.value}"
            yield from (f"    {ids[node.name]}{_shape(node)}" for node in nodes)
            yield "  end"


def _shape(node: Node) -> str:
    text = "<br>".join(_plain(line) for line in (f"<b>{node.title}</b>", *node.details))
    return f'[("{text}")]' if node.column is Column.STATE else f'["{text}"]'


def _edge(edge: Edge, ids: dict[str, str]) -> str:
    line = "-.->" if edge.danger is Danger.REMOVED else "==>" if edge.danger is Danger.ADDED else "-->"
    return f'  {ids[edge.source]} {line}|"{_plain(edge.label)}"| {ids[edge.target]}'


def _classes(picture: Architecture, ids: dict[str, str]) -> Iterator[str]:
    marked = [(ids[node.name], MARKS[node.danger]) for node in picture.nodes if node.danger]
    yield from (f"  classDef {mark} {_STYLES[mark]}" for mark in dict.fromkeys(mark for _, mark in marked))
    yield from (f"  class {node} {mark}" for node, mark in marked)


def _plain(text: str) -> str:
    return text.replace('"', "#quot;")
