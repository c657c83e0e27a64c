"""Which calls hand a role to an AWS service, and to which one: that takes `iam:PassRole`.

Source: "Grant a user permissions to pass a role to an AWS service", IAM User Guide; the API references of the services.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from rehearsal.emulator.iam.api_call import ApiCall

TASKS = "ecs-tasks.amazonaws.com"
SERVICES: Mapping[str, str] = MappingProxyType(
    {
        "backup": "backup.amazonaws.com",
        "cloudformation": "cloudformation.amazonaws.com",
        "ecs": TASKS,
        "rds": "monitoring.rds.amazonaws.com",
        "scheduler": "scheduler.amazonaws.com",
    }
)
"""The service that gets the role of a call, by the prefix of the call's action."""
ROLES = ("rolearn", "executionrolearn", "taskrolearn", "monitoringrolearn")
CARRIERS = ("target", "overrides")
"""Structures of calls that name roles."""


def passed_by(call: ApiCall, roles_of: Callable[[str], Mapping[str, str]]) -> Iterator[tuple[str, str]]:
    """Yield the ARN of each role that a call passes, and the service that gets it.

    Args:
        call: the call.
        roles_of: returns the roles of a task definition, by its family or ARN; a task has them unless its overrides
            name others.
    """
    service = SERVICES.get(call.service)
    if service is None:
        return
    named: dict[str, Any] = {}
    if call.action == "ecs:RunTask":
        named.update(_lower(roles_of((call.values("taskDefinition") or ("",))[0])))
    for parameters in (call.parameters, *(call.parameters.get(carrier) for carrier in CARRIERS)):
        if isinstance(parameters, Mapping):
            named.update({name: value for name, value in _lower(parameters).items() if name in ROLES})
    for arn in dict.fromkeys(named.values()):
        if arn:
            yield str(arn), service


def _lower(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {name.lower(): value for name, value in parameters.items()}
