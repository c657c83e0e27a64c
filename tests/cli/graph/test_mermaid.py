"""The picture as Mermaid."""

from cli.graph.architecture import Architecture, Column, Edge, Node
from cli.graph.mermaid import mermaid
from deployer.differences.difference import Danger


def test_nodes_stand_in_their_columns_and_edges_have_their_ports() -> None:
    """A store has another shape; what is marked has a class."""
    web = Node(name="Web", title="Web", column=Column.PROCESSES, details=('a "b"',), danger=Danger.ADDED)
    database = Node(name="Database", title="Database", column=Column.STATE)
    edges = (
        Edge(source="Web", target="Database", label="tcp 1"),
        Edge(source="Web", target="Database", label="tcp 2", danger=Danger.REMOVED),
        Edge(source="Web", target="Database", label="tcp 3", danger=Danger.ADDED),
    )
    assert mermaid(Architecture(title="demo", nodes=(web, database), edges=edges)).splitlines() == [
        "flowchart LR",
        "  subgraph Processes",
        '    n0["<b>Web</b><br>a #quot;b#quot;"]',
        "  end",
        "  subgraph State",
        '    n1[("<b>Database</b>")]',
        "  end",
        '  n0 -->|"tcp 1"| n1',
        '  n0 -.->|"tcp 2"| n1',
        '  n0 ==>|"tcp 3"| n1',
        "  classDef added stroke:#2e7d32,stroke-width:3px",
        "  class n0 added",
    ]
