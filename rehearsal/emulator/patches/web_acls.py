"""A web ACL that a template puts before a load balancer judges what comes in; MiniStack keeps its text alone.

MiniStack's CloudFormation knows no association, and its tags of web ACLs lack those of the stack.
Source: AWS::WAFv2::WebACLAssociation, AWS CloudFormation Template Reference,
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-wafv2-webaclassociation.html
"""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Mapping
from typing import Any

from ministack.services import alb, waf
from ministack.services.cloudformation import provisioners

from rehearsal.emulator.networking.http_proxy import Answer
from rehearsal.emulator.patches.handlers import Created, ResourceHandlers
from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules import web_acl
from rehearsal.emulator.rules.web_acl import Rates, WebRequest

ACL = "AWS::WAFv2::WebACL"
ASSOCIATION = "AWS::WAFv2::WebACLAssociation"
REFUSED = Answer(
    status=403, body=b"<html><head><title>403 Forbidden</title></head><body><h1>403 Forbidden</h1></body></html>\r\n"
)
_RATES = Rates()


def apply(handlers: ResourceHandlers) -> None:
    """Check web ACLs, hand them the tags of their stack, and add associations."""
    rebind(provisioners, "_STACK_TAG_PROPERTY", lambda table: {**table, ACL: ("Tags", "list")}, takes=None)
    original = {action: handlers.original(ACL, action) for action in ("create", "update", "delete")}

    def create(logical_id: str, properties: dict[str, Any], stack: str) -> Created:
        web_acl.check(properties)
        created: Created = original["create"](logical_id, properties, stack)
        return created

    def update(physical_id: str, old: Any, new: dict[str, Any], stack: str, logical_id: str) -> Created:
        web_acl.check(new)
        updated: Created = original["update"](physical_id, old, new, stack, logical_id)
        return updated

    def delete(physical_id: str, properties: Any) -> None:
        _refuse_in_use(physical_id)
        original["delete"](physical_id, properties)

    handlers.put(ACL, create=create, update=update, delete=delete)
    handlers.put(ASSOCIATION, create=_associate, delete=_disassociate)


def answer(balancer: str, method: str, path: str, headers: Mapping[str, str]) -> Answer | None:
    """Return the answer of the web ACL of a load balancer to a request, or None where none refuses it."""
    acl = _of(balancer)
    if acl is None:
        return None
    lower = {name.lower(): value for name, value in headers.items()}
    source = lower.get("x-forwarded-for", "").rpartition(",")[2].strip()  # the load balancer has written the last
    request = WebRequest(method=method, path=path, headers=lower, source=source)
    return REFUSED if web_acl.blocks(acl, request, _RATES) else None


def _of(balancer: str) -> Mapping[str, Any] | None:
    wanted = waf._associations.get(balancer)
    return next((one for one in list(waf._web_acls.values()) if one["ARN"] == wanted), None)


def _associate(_logical_id: str, properties: dict[str, Any], _stack: str) -> Created:
    balancer, acl = properties["ResourceArn"], properties["WebACLArn"]
    known = {one["ARN"] for one in list(waf._web_acls.values())}
    if balancer not in alb._lbs or acl not in known:
        raise ValueError("AWS WAF couldn't perform the operation because your resource doesn't exist.")
    waf._associations[balancer] = acl
    return f"{balancer}|{acl}", {}


def _disassociate(physical_id: str, _properties: Any) -> None:
    balancer, _, acl = physical_id.partition("|")
    if waf._associations.get(balancer) == acl:
        waf._associations.pop(balancer, None)


def _refuse_in_use(physical_id: str) -> None:
    """Raise the error of DeleteWebACL for one that still stands before a load balancer.

    Source: WAFAssociatedItemException, AWS WAFV2 API reference,
    https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteWebACL.html
    """
    _name, uid, _scope = physical_id.split("|")
    used = {str(arn).rpartition("/")[2] for balancer, arn in waf._associations.items() if balancer in alb._lbs}
    if uid in used:
        raise ValueError(
            "AWS WAF couldn't perform the operation because your resource is being used by another resource or it's "
            "associated with another resource."
        )
