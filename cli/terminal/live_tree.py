"""Shows a long operation as a live tree of stacks, with each resource's purpose and duration."""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TextIO

from rich.console import Console
from rich.live import Live
from rich.text import Text
from rich.tree import Tree

from cli.terminal.progress_lines import duration
from cli.terminal.visible_text import visible
from deployer.progress import StackEvent

_STACK = "AWS::CloudFormation::Stack"
_REFRESH_PER_SECOND = 4
_STYLES = {"_FAILED": "red", "_COMPLETE": "green", "_IN_PROGRESS": "yellow"}


@dataclass
class _Node:
    event: StackEvent
    started: float
    ended: float | None = None


@contextmanager
def live_tree(
    stream: TextIO, title: str, descriptions: Mapping[str, str], *, colour: bool, verbose: bool = False
) -> Iterator["StackTree"]:
    """Show a tree on `stream` until the block ends; `descriptions` maps logical paths to what they are for.

    With `verbose` the resources that are done stay in it.
    """
    console = Console(file=stream, no_color=not colour, highlight=False)
    tree = StackTree(console, title, descriptions, verbose=verbose)
    with Live(get_renderable=tree.render, console=console, refresh_per_second=_REFRESH_PER_SECOND):
        yield tree


class StackTree:
    """What is known of the stacks so far; implements `deployer.progress.Progress`."""

    def __init__(self, console: Console, title: str, descriptions: Mapping[str, str], *, verbose: bool = False) -> None:
        self._console = console
        self._title = title
        self._descriptions = descriptions
        self._verbose = verbose
        self._phase = ""
        self._phase_since = time.monotonic()
        self._nodes: dict[str, _Node] = {}

    def phase(self, name: str, detail: str) -> None:
        """Begin a phase; the resources of the last one leave the screen."""
        self._phase = f"{name}: {detail}" if detail else name
        self._phase_since = time.monotonic()
        self._nodes = {}
        self._console.print(_text(f"== {self._phase}"))

    def event(self, event: StackEvent) -> None:
        """Update the line of a resource; a failure stays on the screen."""
        known = self._nodes.get(event.path)
        busy = event.status.endswith("_IN_PROGRESS")
        now = time.monotonic()
        started = known.started if known and (not busy or known.ended is None) else now
        self._nodes[event.path] = _Node(event, started, None if busy else now)
        if event.status.endswith("_FAILED"):
            self._console.print(_text(f"{event.path or self._title}: {event.status}: {event.reason}", style="red"))

    def note(self, text: str) -> None:
        """Print a remark above the tree."""
        self._console.print(_text(text))

    def render(self) -> Tree:
        """Return the tree as it stands: all stacks, and of their resources those that are not done."""
        nodes = dict(self._nodes)  # Rich draws from a thread of its own, while events come in
        clock = duration(time.monotonic() - self._phase_since)
        tree = Tree(_text(f"{self._title}  {self._phase}  {clock}", style="bold"))
        branches = {"": tree}
        for path, node in sorted(nodes.items()):
            done = node.event.type != _STACK and node.event.status.endswith("_COMPLETE")
            if not path or (done and not self._verbose):
                continue
            parent = branches.get(path.rpartition("/")[0], tree)
            branches[path] = parent.add(self._line(path, node, _inside(nodes, path)))
        return tree

    def _line(self, path: str, node: _Node, inside: Sequence[_Node]) -> Text:
        status = node.event.status
        style = next((style for end, style in _STYLES.items() if status.endswith(end)), "")
        took = duration((node.ended or time.monotonic()) - node.started)
        if node.event.about and node.ended is None:
            took = f"{took} of about {duration(node.event.about)}"
        done = sum(other.event.status.endswith("_COMPLETE") for other in inside)
        count = f"  {done}/{len(inside)}" if inside else ""
        about = f"  {self._descriptions[path]}" if path in self._descriptions else ""
        return Text.assemble(
            (path.rpartition("/")[2], "bold"),
            "  ",
            (status, style),
            f"  {took}{count}",
            (about, "dim"),
            no_wrap=True,
            overflow="ellipsis",
        )


def _text(text: str, style: str = "") -> Text:
    return Text(visible(text), style=style)


def _inside(nodes: Mapping[str, _Node], path: str) -> Sequence[_Node]:
    return [node for other, node in nodes.items() if other.startswith(f"{path}/")]
