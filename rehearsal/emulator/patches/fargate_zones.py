"""Fargate is not in every availability zone: a task or service with a subnet in another one is refused."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable, Mapping
from typing import Any

from ministack.services import ec2, ecs

from rehearsal.emulator.patches.rebinding import rebind_action

ACTIONS = ("RunTask", "CreateService", "UpdateService")
ZONES: Mapping[str, tuple[str, ...]] = {
    "apne1": ("apne1-az1", "apne1-az2", "apne1-az4"),
    "usw1": ("usw1-az1", "usw1-az3"),
}
"""The zones with Fargate, by the region's part of a zone id, where it is not in all of them.

Source: docs.aws.amazon.com/AmazonECS/latest/developerguide/AWS_Fargate-Regions.html.
"""

Answering = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Wrap the calls that place tasks in subnets."""
    for action in ACTIONS:
        rebind_action(ecs, action, _refusing)


def _refusing(answer: Answering) -> Answering:
    def refuse_or_answer(request: dict[str, Any]) -> Any:
        placed = (request.get("networkConfiguration") or {}).get("awsvpcConfiguration") or {}
        for identity in placed.get("subnets", ()):
            subnet = ec2._subnets.get(identity) or {}
            if not has_fargate(subnet.get("AvailabilityZoneId", "")):
                # The words are those of Fargate for EKS: https://github.com/awsdocs/amazon-eks-user-guide/pull/262
                message = f"Fargate is not supported in the requested availability zone: {subnet['AvailabilityZone']}"
                return ecs.error_response_json("InvalidParameterException", message, 400)
        return answer(request)

    return refuse_or_answer


def has_fargate(zone: str) -> bool:
    """Whether Fargate is in a zone, by its id."""
    offered = ZONES.get(zone.partition("-")[0])
    return offered is None or zone in offered
