"""Deletion protection protects load balancers, from CloudFormation and from callers of the API."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from typing import Any

from ministack.services import alb

from rehearsal.emulator.patches.handlers import Handler, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind_action

KIND = "AWS::ElasticLoadBalancingV2::LoadBalancer"
ATTRIBUTE = {"Key": "deletion_protection.enabled", "Value": "true"}


def apply(handlers: ResourceHandlers) -> None:
    """Refuse to delete a protected load balancer; MiniStack keeps the attribute and deletes all the same."""
    handlers.put(KIND, delete=_unless_protected(handlers.original(KIND, "delete")))
    rebind_action(alb, "DeleteLoadBalancer", _refusing)


def _unless_protected(delete: Handler) -> Handler:
    def delete_unless_protected(physical_id: str, properties: Any) -> Any:
        if refusal := _refusal(physical_id):
            raise ValueError(f"{refusal} (Service: AmazonElasticLoadBalancing; Status Code: 400)")
        return delete(physical_id, properties)

    return delete_unless_protected


def _refusing(answer: Callable[..., Any]) -> Callable[..., Any]:
    def refuse_or_answer(request: Any) -> Any:
        refusal = _refusal(alb._p(request, "LoadBalancerArn"))
        return alb._error("OperationNotPermitted", refusal, 400) if refusal else answer(request)

    return refuse_or_answer


def _refusal(arn: str) -> str:
    """Return the words of AWS for a load balancer that is protected; empty for any other.

    Source: DeleteLoadBalancer, Elastic Load Balancing API reference; the words: github.com/aws-cloudformation/rain#187.
    """
    if ATTRIBUTE not in alb._lb_attrs.get(arn, []):
        return ""
    return f"Load balancer '{arn}' cannot be deleted because deletion protection is enabled"
