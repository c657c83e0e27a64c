"""The architecture of an environment as a value: who reaches whom, who reads which secret, and what is state."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import Enum
from functools import cached_property
from types import MappingProxyType
from typing import Any

from compiler.contract import BOOTSTRAP_STACK, DATABASE, DB_PORT, PerProcess, RootOutput, snake, title, words
from compiler.model.asked_counts import asked_counts
from compiler.model.stack_graph import StackGraph
from compiler.model.template_set import TemplateSet
from deployer.differences.difference import Danger, Difference, Port
from deployer.differences.ports import ports

_GROUP, _TASK, _SERVICE = "AWS::EC2::SecurityGroup", "AWS::ECS::TaskDefinition", "AWS::ECS::Service"
_SUFFIX = "SecurityGroup"
_EVERYWHERE = frozenset({"0.0.0.0/0", "::/0"})
_VISITED = "LoadBalancer"
_OUTSIDE = RootOutput.EXTERNAL_DATABASE
_STORES: Mapping[str, str] = {
    "AWS::RDS::DBInstance": "Database",
    "AWS::EFS::FileSystem": "FileSystem",
}
"""The types of state that are reached over the network, by the name of their security group."""

_BUCKET, _SECRET = "AWS::S3::Bucket", "AWS::SecretsManager::Secret"
_CPU_UNITS, _MIB = 1024, 1024
_SPELLED = {"Oauth": "OAuth", "Jwt": "JWT"}


MARKS: Mapping[Danger, str] = MappingProxyType(
    {
        Danger.STATE: "risk",
        Danger.REPLACED: "risk",
        Danger.INTERRUPTED: "changed",
        Danger.CHANGED: "changed",
        Danger.ADDED: "added",
        Danger.REMOVED: "removed",
    }
)
"""How a picture marks what becomes of something."""


class Column(Enum):
    """Where a node stands, from left to right."""

    VISITORS = "Visitors"
    EDGE = "Edge"
    PROCESSES = "Processes"
    STATE = "State"


@dataclass(frozen=True, kw_only=True)
class Node:
    """Somebody or something in the picture; `paths` are the resources that it stands for."""

    name: str
    title: str
    column: Column
    details: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    danger: Danger | None = None


@dataclass(frozen=True, kw_only=True)
class Edge:
    """Who reaches whom: names of nodes, and on which ports; `danger` says that it is new or gone."""

    source: str
    target: str
    label: str
    danger: Danger | None = None


@dataclass(frozen=True, kw_only=True)
class Architecture:
    """The picture as a value, in the order in which it is drawn."""

    title: str
    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]


def architecture(templates: TemplateSet) -> Architecture:
    """Return the architecture that these templates make."""
    return _Reader(StackGraph.of(templates), templates.name).architecture()


def changed(old: Architecture, new: Architecture, difference: Difference) -> Architecture:
    """Return both in one: `new`, marked with what becomes of each, and what is only in `old`."""
    dangers = {resource.path: resource.danger for resource in difference.resources}
    names, before = {node.name for node in new.nodes}, {node.name for node in old.nodes}
    nodes = [replace(node, danger=_worst(node, dangers) if node.name in before else Danger.ADDED) for node in new.nodes]
    gone = [
        replace(node, danger=_worst(node, dangers) or Danger.REMOVED) for node in old.nodes if node.name not in names
    ]
    edges = [edge if edge in old.edges else replace(edge, danger=Danger.ADDED) for edge in new.edges]
    cut = [replace(edge, danger=Danger.REMOVED) for edge in old.edges if edge not in new.edges]
    return Architecture(title=new.title, nodes=(*nodes, *gone), edges=(*edges, *cut))


def _worst(node: Node, dangers: Mapping[str, Danger]) -> Danger | None:
    found = [dangers[path] for path in node.paths if path in dangers]
    return min(found, key=[*Danger].index, default=None)


@dataclass(frozen=True)
class _Reader:
    graph: StackGraph
    title: str

    @cached_property
    def ports(self) -> tuple[Port, ...]:
        return ports(self.graph)

    def architecture(self) -> Architecture:
        nodes = {node.name: node for node in self._nodes()}
        found = [edge for edge in self._edges() if edge.source in nodes and edge.target in nodes]
        return Architecture(title=self.title, nodes=tuple(nodes.values()), edges=tuple(dict.fromkeys(found)))

    def _nodes(self) -> Iterator[Node]:
        visitors = [port.source for port in self.ports if _is_incoming(port.ports) and "/" in port.source]
        for network in dict.fromkeys(visitors):
            yield Node(name=network, title="Visitors", column=Column.VISITORS, details=(network,))
        if self._outside:
            yield Node(name=_OUTSIDE, title="Database", column=Column.STATE, details=("external", self._outside))
        if self._has_shared_balancer:
            details, paths = ("shared, of the network",), self._of_type("Edge/")
            yield Node(name=_VISITED, title=_title(_VISITED), column=Column.EDGE, details=details, paths=paths)
        for path, resource in self.graph.resources.items():
            node = self._node(path, resource)
            if node is not None:
                yield node

    def _node(self, path: str, resource: Mapping[str, Any]) -> Node | None:
        type_, name = str(resource.get("Type")), path.rpartition("/")[2]
        if type_ == _GROUP:
            return self._of_group(path, name.removesuffix(_SUFFIX))
        if type_ == _BUCKET and path.partition("/")[0] != BOOTSTRAP_STACK:
            return Node(name=name, title=_title(name), column=Column.STATE, details=("S3",), paths=(path,))
        return None

    def _of_group(self, path: str, name: str) -> Node | None:
        task = self._task(name)
        store = next((each for each, type_ in self._stores() if _STORES[type_] == name), "")
        if store:
            kind = str(self.graph.resources[store].get("Type")).split("::")[1]
            return Node(name=name, title=_title(name), column=Column.STATE, details=(kind,), paths=(path, store))
        if name == _VISITED:
            return Node(name=name, title=_title(name), column=Column.EDGE, paths=(path, *self._of_type("Edge/")))
        if not task:
            return None
        column = Column.STATE if name == title(DATABASE) else Column.PROCESSES
        paths = (path, task, *self._services_of(task))
        return Node(name=name, title=_title(name), column=column, details=tuple(self._details(name, task)), paths=paths)

    def _details(self, name: str, task: str) -> Iterator[str]:
        properties = self.graph.resources[task].get("Properties", {})
        yield f"{int(properties['Cpu']) / _CPU_UNITS:g} vCPU, {int(properties['Memory']) / _MIB:g} GB"
        if (count := asked_counts(self.graph.stacks.get("", {})).get(f"{name}{PerProcess.COUNT}", 1)) > 1:
            yield f"{count} tasks"
        if self._services_of(task) == ():
            yield "one-off tasks"
        secrets = [target.rpartition("/")[2] for target in self._targets(task, _SECRET)]
        yield from (f"reads {_title(secret)}" for secret in dict.fromkeys(secrets))
        outgoing = [port.ports for port in self.ports if port.source == name and port.target in _EVERYWHERE]
        yield from (f"to the internet: {each.removesuffix(' (out)')}" for each in dict.fromkeys(outgoing))

    def _edges(self) -> Iterator[Edge]:
        for port in self.ports:
            if _is_incoming(port.ports):
                yield Edge(source=port.source, target=port.target, label=port.ports.removesuffix(" (in)"))
        for path, resource in self.graph.resources.items():
            if resource.get("Type") == _TASK:
                name = path.rpartition("/")[2].removesuffix("TaskDefinition")
                if self._outside and (number := self._database_port(resource)):
                    yield Edge(source=name, target=_OUTSIDE, label=f"tcp {number}")
                for bucket in self._buckets(path):
                    yield Edge(source=name, target=bucket.rpartition("/")[2], label="S3")

    @property
    def _has_shared_balancer(self) -> bool:
        """Whether a load balancer gets in that is not in the templates."""
        own = any(path.endswith(f"/{_VISITED}{_SUFFIX}") for path in self.graph.resources)
        return not own and any(port.source == _VISITED for port in self.ports)

    @property
    def _outside(self) -> str:
        """Return where a database is that somebody else made; empty where the environment has its own."""
        output = self.graph.stacks.get("", {}).get("Outputs", {}).get(RootOutput.EXTERNAL_DATABASE, {})
        return str(output.get("Value", ""))

    def _database_port(self, task: Mapping[str, Any]) -> str:
        """Return the port at which a task reaches its database; empty for one that does not know any."""
        containers = task.get("Properties", {}).get("ContainerDefinitions", ())
        variables = (one for container in containers for one in container.get("Environment", ()))
        return next((str(one["Value"]) for one in variables if one["Name"] == DB_PORT), "")

    def _buckets(self, task: str) -> Iterator[str]:
        for role in self._targets(task, "AWS::IAM::Role"):
            yield from self._targets(role, _BUCKET)

    def _targets(self, path: str, type_: str) -> list[str]:
        resources = self.graph.resources
        found = [reference.target for reference in self.graph.references(path)]
        return [target for target in dict.fromkeys(found) if resources[target].get("Type") == type_]

    def _task(self, name: str) -> str:
        wanted = f"{name}TaskDefinition"
        return next((path for path in self.graph.resources if path.rpartition("/")[2] == wanted), "")

    def _services_of(self, task: str) -> tuple[str, ...]:
        services = [path for path, each in self.graph.resources.items() if each.get("Type") == _SERVICE]
        return tuple(path for path in services if task in self._targets(path, _TASK))

    def _stores(self) -> Iterator[tuple[str, str]]:
        for path, resource in self.graph.resources.items():
            if resource.get("Type") in _STORES:
                yield path, str(resource.get("Type"))

    def _of_type(self, stack: str) -> tuple[str, ...]:
        return tuple(path for path in self.graph.resources if path.startswith(stack))


def _is_incoming(text: str) -> bool:
    return text.endswith("(in)")


def _title(name: str) -> str:
    said = words(snake(name)).replace("_", " ")
    sentence = said[0].upper() + said[1:]
    return " ".join(_SPELLED.get(word, word) for word in sentence.split())
