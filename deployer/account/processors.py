"""The vCPUs of Fargate that an environment needs at the peak of a deploy, counted from its templates.

Source: `maximumPercent` in "DeploymentConfiguration", Amazon ECS API Reference,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_DeploymentConfiguration.html
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from compiler.contract import COMMAND, SYNC, title
from deployer.stacks.template_diff import Resources

_CPU_UNITS = 1024
"""Of one vCPU."""
_SPOT = "FARGATE_SPOT"
_OF_DEPLOYS = tuple(f"{title(task)}TaskDefinition" for task in (COMMAND, SYNC))
"""The task definitions of what a deploy runs; how many workers run is the scheduler's affair."""
_DEFAULT_MAXIMUM = 200
"""Of `MaximumPercent`, where a service names none."""


@dataclass(frozen=True)
class _ServiceUnits:
    """CPU units of the tasks of a service, and those of its tasks while new ones replace them."""

    at_rest: int
    rolling: int


def needed_processors(nested: Sequence[Resources], counts: Mapping[str, int], *, spot: bool) -> float:
    """Return how many vCPUs run at once, on Spot or on demand; `counts` are those of services above one, by parameter.

    All services may be replaced at once. Before that, the tasks of a deploy run beside them, side by side and always
    on demand.
    """
    services = [one for stack in nested for one in _services(stack, counts, spot=spot)]
    at_rest = sum(one.at_rest for one in services)
    rolling = sum(one.rolling for one in services)
    beside = 0 if spot else sum(_units(stack.get(one, {})) for stack in nested for one in _OF_DEPLOYS)
    return max(rolling, at_rest + beside) / _CPU_UNITS


def _services(stack: Resources, counts: Mapping[str, int], *, spot: bool) -> Iterator[_ServiceUnits]:
    for properties in _service_properties(stack):
        if _is_spot(properties) == spot:
            units = _units(stack.get(_definition(properties), {}))
            maximum = properties.get("DeploymentConfiguration", {}).get("MaximumPercent", _DEFAULT_MAXIMUM)
            tasks = _tasks(properties.get("DesiredCount"), counts)
            yield _ServiceUnits(units * tasks, units * max(tasks * int(maximum) // 100, 1))


def _tasks(asked: Any, counts: Mapping[str, int]) -> int:
    """Return how many tasks a service asks for: by a parameter, or like that of a database by itself."""
    return counts.get(str(asked.get("Ref")), 1) if isinstance(asked, Mapping) else int(asked or 1)


def _service_properties(stack: Resources) -> Iterator[Mapping[str, Any]]:
    for resource in stack.values():
        if resource.get("Type") == "AWS::ECS::Service":
            yield resource.get("Properties", {})


def _definition(service: Mapping[str, Any]) -> str:
    return str(service.get("TaskDefinition", {}).get("Ref", ""))


def _units(definition: Mapping[str, Any]) -> int:
    return int(definition.get("Properties", {}).get("Cpu", 0))


def _is_spot(service: Mapping[str, Any]) -> bool:
    return any(item.get("CapacityProvider") == _SPOT for item in service.get("CapacityProviderStrategy", ()))
