"""A second check of ECS resources: templates fit the ECS API, by the shapes that botocore ships."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import botocore.session
import pytest
from botocore.model import ListShape, MapShape, StringShape, StructureShape
from botocore.validate import ParamValidator

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.model import Shape

    from tests.compiler.conftest import Case

OPERATIONS = {"AWS::ECS::TaskDefinition": "RegisterTaskDefinition", "AWS::ECS::Service": "CreateService"}

FILLINGS: dict[str, Any] = {"integer": 1, "boolean": True, "list": [], "map": {}, "structure": {}}
"""What stands in for the result of an intrinsic function, by the type that ECS wants there."""

ECS = botocore.session.get_session().get_service_model("ecs")


def faults(kind: str, properties: dict[str, Any]) -> list[str]:
    """Return what the API would have against the properties of a resource."""
    shape = ECS.operation_model(OPERATIONS[kind]).input_shape
    assert shape
    found: list[str] = []
    # CloudFormation makes up these two names where a template gives none.
    request = {"family": "x", "serviceName": "x"}
    names = shape.members
    request = {name: value for name, value in request.items() if name in names}
    request |= _request(properties, shape, kind, found)
    report = ParamValidator().validate(request, shape)
    return found + ([report.generate_report()] if report.has_errors() else [])


def _request(value: Any, shape: Shape, path: str, found: list[str]) -> Any:
    if isinstance(value, dict) and len(value) == 1 and next(iter(value)).startswith(("Ref", "Fn::")):
        return FILLINGS.get(shape.type_name, "x")
    if isinstance(shape, StructureShape) and isinstance(value, dict):
        return dict(_members(value, shape, path, found))
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_request(item, shape.member, f"{path}[{index}]", found) for index, item in enumerate(value)]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _request(item, shape.value, f"{path}.{key}", found) for key, item in value.items()}
    if isinstance(shape, StringShape) and shape.enum and value not in shape.enum:
        found.append(f"{path}: {value!r} is none of {', '.join(shape.enum)}")
    return value


def _members(value: dict[str, Any], shape: StructureShape, path: str, found: list[str]) -> Iterator[tuple[str, Any]]:
    names = {name.lower(): name for name in shape.members}
    for key, item in value.items():
        name = names.get(key.lower())
        if name is None:
            found.append(f"{path}.{key}: {shape.name} has no such member")
        else:
            yield name, _request(item, shape.members[name], f"{path}.{key}", found)


@pytest.mark.parametrize("kind", OPERATIONS)
def test_every_ecs_resource_is_a_valid_request(case: Case, kind: str) -> None:
    """Every task definition and every service."""
    resources = case.resources(kind)
    assert resources
    for title, resource in resources.items():
        assert faults(kind, resource["Properties"]) == [], title


@pytest.mark.parametrize(
    ("where", "value"),
    [
        (("HealthChek",), {"Command": ["true"]}),
        (("StopTimeout",), "soon"),
        (("Secrets", 0, "Nam"), "x"),
        (("PortMappings", 0, "ContainerPort"), "eighty"),
        (("LogConfiguration", "LogDriver"), "awslog"),
    ],
)
def test_planted_faults_are_found(smallest: Case, where: tuple[str | int, ...], value: object) -> None:
    """The check sees misspelt members, wrong types and unknown words."""
    kind = "AWS::ECS::TaskDefinition"
    properties = copy.deepcopy(smallest.resources(kind)["WebserverTaskDefinition"]["Properties"])
    *path, last = where
    place = properties["ContainerDefinitions"][0]
    for step in path:
        place = place[step]
    place[last] = value
    assert len(faults(kind, properties)) == 1
