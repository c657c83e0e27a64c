"""A rule of a listener keeps the tags of its template, forwards to its own load balancer alone, and answers HTML.

It takes a priority that no other rule of its listener has. MiniStack drops the tags, takes every target group and
priority, and describes a page as part of its own XML, which nobody can read then. Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateRule.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from typing import Any
from xml.sax.saxutils import escape

from ministack.services import alb
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.load_balancers import groups_of
from rehearsal.emulator.patches.rebinding import rebind, rebind_action

KIND = "AWS::ElasticLoadBalancingV2::ListenerRule"
TAKEN = (
    "The following target groups cannot be associated with more than one load balancer: {group} "
    "(Service: ElasticLoadBalancingV2, Status Code: 400, Error Code: TargetGroupAssociationLimit)"
)

IN_USE = "PriorityInUse"
USED = "Priority '{priority}' is currently in use"


def apply(handlers: ResourceHandlers) -> None:
    """Hand the tags of a stack to its rules, keep them with those of the template, look at targets, escape pages."""
    rebind(provisioners, "_STACK_TAG_PROPERTY", lambda table: {**table, KIND: ("Tags", "list")}, takes=None)
    rebind(alb, "_action_xml", lambda describe: lambda action: describe(_escaped(action)), takes="a")
    original = handlers.original(KIND, "create")

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        _refuse_second_balancer(properties)
        _refuse_used(properties)
        arn, attributes = original(logical_id, properties, stack)
        alb._tags[arn] = list(properties.get("Tags") or ())
        return arn, attributes

    handlers.put(KIND, create=create)
    rebind_action(alb, "CreateRule", lambda create_rule: lambda request: _in_use(request) or create_rule(request))


def _in_use(request: Any) -> Any:
    """Return the refusal of CreateRule for a priority that is taken; None where it is free."""
    listener, priority = alb._p(request, "ListenerArn"), alb._p(request, "Priority")
    return alb._error(IN_USE, USED.format(priority=priority)) if _has(listener, priority) else None


def _refuse_used(rule: dict[str, Any]) -> None:
    """Refuse a rule of a template whose priority is taken. Raises `ValueError` with the words of AWS."""
    priority = str(rule["Priority"])
    if _has(rule["ListenerArn"], priority):
        told = f"(Service: ElasticLoadBalancingV2, Status Code: 400, Error Code: {IN_USE})"
        raise ValueError(f"{USED.format(priority=priority)} {told}")


def _has(listener: str, priority: str) -> bool:
    rules = list(alb._rules.values())
    return any(one.get("ListenerArn") == listener and str(one.get("Priority")) == priority for one in rules)


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
