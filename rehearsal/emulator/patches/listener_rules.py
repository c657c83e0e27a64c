"""A rule of a listener keeps the tags of its template, forwards to its own load balancer alone, and answers HTML.

MiniStack drops the tags, takes every target group, and describes a page as part of its own XML, which nobody can read
then. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.load_balancers import groups_of
from rehearsal.emulator.patches.rebinding import rebind

KIND = "AWS::ElasticLoadBalancingV2::ListenerRule"
TAKEN = (
    "The following target groups cannot be associated with more than one load balancer: {group} "
    "(Service: ElasticLoadBalancingV2, Status Code: 400, Error Code: TargetGroupAssociationLimit)"
)


def apply(handlers: ResourceHandlers) -> None:
    """Hand the tags of a stack to its rules, keep them with those of the template, look at targets, escape pages."""
    rebind(provisioners, "_STACK_TAG_PROPERTY", lambda table: {**table, KIND: ("Tags", "list")}, takes=None)
    rebind(alb, "_action_xml", lambda describe: lambda action: describe(_escaped(action)), takes="a")
    original = handlers.original(KIND, "create")

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        _refuse_second_balancer(properties)
        arn, attributes = original(logical_id, properties, stack)
        alb._tags[arn] = list(properties.get("Tags") or ())
        return arn, attributes

    handlers.put(KIND, create=create)


def _escaped(action: dict[str, Any]) -> dict[str, Any]:
    """Return an action as XML can hold it."""
    answer = action.get("FixedResponseConfig") or {}
    if "MessageBody" not in answer:
        return action
    return {**action, "FixedResponseConfig": {**answer, "MessageBody": escape(answer["MessageBody"])}}


def _refuse_second_balancer(rule: dict[str, Any]) -> None:
    """Refuse a rule whose targets belong to another load balancer. Raises `ValueError` with the words of AWS."""
    wanted, own = set(groups_of(rule)) - {""}, _balancer_of(rule)
    for other in list(alb._rules.values()):
        taken = wanted.intersection(groups_of(other))
        if taken and _balancer_of(other) != own:
            raise ValueError(TAKEN.format(group=min(taken)))


def _balancer_of(rule: dict[str, Any]) -> str:
    return str((alb._listeners.get(rule["ListenerArn"]) or {}).get("LoadBalancerArn", ""))
