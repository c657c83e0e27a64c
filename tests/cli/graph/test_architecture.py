"""The picture says what the templates make."""

from pathlib import Path

import pytest

from cli.graph.architecture import Architecture, Column, Edge, architecture, changed
from compiler.compile import compile_environment
from deployer.differences.compare import compare
from deployer.differences.difference import Danger
from spec.reading.load import load
from tests.deployer.differences.sets import example

ROOT = Path(__file__).parents[3]
ENVIRONMENTS = [ROOT / "env.example.yaml", *sorted((ROOT / "examples").glob("*.yaml"))]


def _in(picture: Architecture, column: Column) -> set[str]:
    return {node.name for node in picture.nodes if node.column is column}


def test_everybody_stands_in_a_column() -> None:
    """Visitors, the load balancer, what runs, and what is state."""
    picture = architecture(example())
    assert _in(picture, Column.VISITORS) == {"203.0.113.0/24"}
    assert _in(picture, Column.EDGE) == {"LoadBalancer"}
    assert _in(picture, Column.PROCESSES) == {"Webserver", "Scheduler", "Command", "Sync"}
    assert _in(picture, Column.STATE) == {"Database", "FileSystem", "CodeBucket"}


def test_an_edge_is_a_port_that_somebody_lets_in() -> None:
    """Or the bucket that a role may read."""
    edges = architecture(example()).edges
    assert Edge(source="203.0.113.0/24", target="LoadBalancer", label="tcp 80") in edges
    assert Edge(source="Scheduler", target="Database", label="tcp 5432") in edges
    assert Edge(source="Sync", target="CodeBucket", label="S3") in edges
    assert not any(edge.target == "CodeBucket" for edge in edges if edge.source == "Webserver")


def test_a_process_says_its_size_and_what_it_reads() -> None:
    """And where else it may go."""
    details = {node.name: node.details for node in architecture(example()).nodes}
    assert details["Scheduler"] == (
        "1 vCPU, 2 GB",
        "reads Database credentials",
        "reads Fernet seed",
        "reads Webserver secret key",
        "to the internet: everything",
    )
    assert "one-off tasks" in details["Command"]
    assert "reads Admin password" not in details["Scheduler"]


def test_a_database_outside_is_state_that_is_reached() -> None:
    """It has no resource, and stands there all the same."""
    external = ROOT / "tests" / "golden" / "templates" / "external" / "env.yaml"
    picture = architecture(compile_environment(load(external)))
    (node,) = (one for one in picture.nodes if one.title == "Database")
    assert node.details == ("external", "postgres.example.com:6432/orchestration")
    reached_by = {edge.source for edge in picture.edges if edge.target == node.name and edge.label == "tcp 6432"}
    assert reached_by == {"Webserver", "Scheduler", "Worker", "Command"}


def test_a_load_balancer_of_the_network_stands_there_too() -> None:
    """It is in another template; its visitors are those of the network."""
    shared = ROOT / "examples" / "shared-network" / "env.yaml"
    picture = architecture(compile_environment(load(shared)))
    (node,) = (one for one in picture.nodes if one.column is Column.EDGE)
    assert (node.title, node.details) == ("Load balancer", ("shared, of the network",))
    assert "Edge/SiteRule" in node.paths
    assert Edge(source=node.name, target="Webserver", label="tcp 8080") in picture.edges


def test_several_tasks_of_a_process_are_counted() -> None:
    """One alone goes without saying."""
    several = example(("scheduler: {cpu: 1024, memory: 2048}", "scheduler: {cpu: 1024, memory: 2048, count: 3}"))
    details = {node.name: node.details for node in architecture(several).nodes}
    assert details["Scheduler"][:2] == ("1 vCPU, 2 GB", "3 tasks")
    assert "1 tasks" not in details["Webserver"]


@pytest.mark.parametrize("path", ENVIRONMENTS, ids=lambda path: path.stem)
def test_every_process_of_every_example_is_in_the_picture(path: Path) -> None:
    """With the state that it has; no line leads to nowhere."""
    env = load(path)
    picture = architecture(compile_environment(env))
    assert len(_in(picture, Column.PROCESSES)) >= len(env.processes)
    assert "Database" in _in(picture, Column.STATE)
    names = {node.name for node in picture.nodes}
    assert all({edge.source, edge.target} <= names for edge in picture.edges)


def test_a_change_is_marked() -> None:
    """What is new, what changes, and what goes."""
    old, new = example(), example(("executor: local", "executor: ecs"))
    picture = changed(architecture(old), architecture(new), compare(old, new))
    dangers = {node.name: node.danger for node in picture.nodes}
    assert (dangers["Worker"], dangers["Scheduler"], dangers["Sync"]) == (Danger.ADDED, Danger.INTERRUPTED, None)
    back = changed(architecture(new), architecture(old), compare(new, old))
    assert {node.name: node.danger for node in back.nodes}["Worker"] in {
        Danger.REMOVED,
        Danger.INTERRUPTED,
        Danger.STATE,
    }
    gone = {edge.source for edge in back.edges if edge.danger is Danger.REMOVED}
    assert "Worker" in gone
