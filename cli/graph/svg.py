"""Draws an architecture as SVG: four columns from visitors to state, readable on light and on dark pages."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from cli.graph.architecture import MARKS, Architecture, Column, Edge, Node

_WIDTH, _GAP, _MARGIN, _TOP = 230, 150, 24, 76
_LINE, _PADDING, _SPACE = 17, 14, 26
_LABEL_RISE = 5
_LEGEND = {
    "risk": "replaced, or state at risk",
    "changed": "changed",
    "added": "added",
    "removed": "removed",
}
_ARROW = """<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path d="M0,0 L8,4 L0,8 z"/></marker></defs>"""
_STYLE = """
svg { --paper: #ffffff; --ink: #1b1f24; --soft: #57606a; --box: #f6f8fa; --line: #8c959f; --state: #ddf4ff;
      --risk: #cf222e; --changed: #bc4c00; --added: #1a7f37; background: var(--paper); }
@media (prefers-color-scheme: dark) {
  svg { --paper: #0d1117; --ink: #e6edf3; --soft: #9198a1; --box: #161b22; --line: #6e7681; --state: #10233b;
        --risk: #ff7b72; --changed: #f0883e; --added: #3fb950; }
}
text { font: 13px system-ui, sans-serif; fill: var(--soft); }
.title { font-weight: 600; fill: var(--ink); } .head { font-size: 18px; font-weight: 600; fill: var(--ink); }
.column { font-size: 12px; letter-spacing: .08em; text-transform: uppercase; }
rect { fill: var(--box); stroke: var(--line); } .state rect { fill: var(--state); stroke-width: 2; }
path { fill: none; stroke: var(--line); stroke-width: 1.4; } marker path { fill: var(--line); stroke: none; }
.label { font-size: 11px; paint-order: stroke; stroke: var(--paper); stroke-width: 4px; }
.risk rect, .removed rect { stroke: var(--risk); stroke-width: 3; }
.changed rect { stroke: var(--changed); stroke-width: 3; }
.added rect { stroke: var(--added); stroke-width: 3; } .removed rect { stroke-dasharray: 6 4; }
path.added { stroke: var(--added); stroke-width: 2.4; } path.removed { stroke: var(--risk); stroke-dasharray: 6 4; }
"""


@dataclass(frozen=True, kw_only=True)
class _Box:
    left: int
    top: int
    height: int

    @property
    def middle(self) -> int:
        return self.top + self.height // 2


def svg(picture: Architecture) -> str:
    """Return the picture as an SVG document."""
    boxes = _layout(picture)
    dangers = [*(node.danger for node in picture.nodes), *(edge.danger for edge in picture.edges)]
    marked = {MARKS[danger] for danger in dangers if danger}
    height = max(box.top + box.height for box in boxes.values()) + _MARGIN + (_SPACE if marked else 0)
    width = max(box.left for box in boxes.values()) + _WIDTH + _MARGIN
    name = escape(picture.title)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" aria-label="{name}">',
        f"<style>{_STYLE}</style>",
        _ARROW,
        f'<text class="head" x="{_MARGIN}" y="34">{name}</text>',
        *_heads(picture, boxes),
        *(_curve(edge, boxes) for edge in picture.edges),
        *(part for node in picture.nodes for part in _box(node, boxes[node.name])),
        *_labels(picture, boxes),
        *_legend(marked, height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _layout(picture: Architecture) -> Mapping[str, _Box]:
    """Place the nodes column by column, each in the middle of the tallest; lines within the first have room."""
    columns = [[node for node in picture.nodes if node.column is column] for column in Column]
    columns = [nodes for nodes in columns if nodes]
    tallest = max(map(_column_height, columns))
    first = {node.name for node in columns[0]}
    left = _MARGIN + (_GAP // 2 if any({edge.source, edge.target} <= first for edge in picture.edges) else 0)
    boxes: dict[str, _Box] = {}
    for number, nodes in enumerate(columns):
        top = _TOP + (tallest - _column_height(nodes)) // 2
        for node in nodes:
            boxes[node.name] = _Box(left=left + number * (_WIDTH + _GAP), top=top, height=_height(node))
            top += _height(node) + _SPACE
    return boxes


def _column_height(nodes: Sequence[Node]) -> int:
    return sum(_height(node) + _SPACE for node in nodes) - _SPACE


def _height(node: Node) -> int:
    return 2 * _PADDING + _LINE * (1 + len(node.details)) - _LABEL_RISE


def _heads(picture: Architecture, boxes: Mapping[str, _Box]) -> Iterator[str]:
    lefts = {node.column: boxes[node.name].left for node in picture.nodes}
    for column, left in lefts.items():
        yield f'<text class="column" x="{left}" y="{_TOP - 14}">{column.value}</text>'


def _box(node: Node, box: _Box) -> Iterator[str]:
    classes = [node.column.value.lower(), *([MARKS[node.danger]] if node.danger else [])]
    yield f'<g class="{" ".join(classes)}">'
    yield f'<rect x="{box.left}" y="{box.top}" width="{_WIDTH}" height="{box.height}" rx="7"/>'
    lines = [("title", node.title), *(("", detail) for detail in node.details)]
    for number, (kind, line) in enumerate(lines):
        top = box.top + _PADDING + 12 + number * _LINE
        yield f'<text class="{kind}" x="{box.left + 12}" y="{top}">{escape(line)}</text>'
    yield "</g>"


def _curve(edge: Edge, boxes: Mapping[str, _Box]) -> str:
    source, target = boxes[edge.source], boxes[edge.target]
    kind = f' class="{MARKS[edge.danger]}"' if edge.danger else ""
    if source.left == target.left:
        left, out = source.left, source.left - _GAP // 3
        way = f"M{left},{source.middle} C{out},{source.middle} {out},{target.middle} {left},{target.middle}"
    else:
        start, end = source.left + _WIDTH, target.left
        half = (start + end) // 2
        way = f"M{start},{source.middle} C{half},{source.middle} {half},{target.middle} {end},{target.middle}"
    return f'<path{kind} d="{way}" marker-end="url(#tip)"/>'


def _labels(picture: Architecture, boxes: Mapping[str, _Box]) -> Iterator[str]:
    """Yield one label for each target and port, where its lines arrive."""
    for target, label in dict.fromkeys((edge.target, edge.label) for edge in picture.edges):
        box = boxes[target]
        labels = list(dict.fromkeys(edge.label for edge in picture.edges if edge.target == target))
        top = box.middle - _LABEL_RISE - 14 * labels.index(label)
        yield f'<text class="label" x="{box.left - 10}" y="{top}" text-anchor="end">{escape(label)}</text>'


def _legend(marked: set[str], height: int) -> Iterator[str]:
    left = _MARGIN
    for kind, words in _LEGEND.items():
        if kind in marked:
            yield f'<g class="{kind}"><rect x="{left}" y="{height - _MARGIN - 12}" width="18" height="12" rx="3"/></g>'
            yield f'<text x="{left + 26}" y="{height - _MARGIN - 2}">{words}</text>'
            left += 60 + 7 * len(words)
