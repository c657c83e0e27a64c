"""Resources that are too large are refused, from CloudFormation and from callers; MiniStack keeps most of them.

Sources: rehearsal/emulator/rules/lengths.py has the limits, one by one.
"""
# ruff: noqa: SLF001  what needs correcting is not public

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ministack.services import ecs, iam, ssm
from ministack.services.cloudformation import provisioners, stacks

from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.rules import lengths

PROVISION = "resource_type logical_id props stack_name"
UPDATE = "resource_type physical_id old_props new_props stack_name logical_id old_attrs"

Answering = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Put the limits in force; this comes before other corrections of the same functions."""
    for module in (provisioners, stacks):
        rebind(module, "_provision_resource", _provisioning, takes=PROVISION)
        rebind(module, "_update_resource", _updating, takes=UPDATE)
    rebind_action(ecs, "RegisterTaskDefinition", _registering)
    rebind(ssm, "_put_parameter", _putting, takes="data")
    rebind_action(iam, "PutRolePolicy", _adding_inline)
    rebind_action(iam, "CreatePolicy", _making_policy)
    rebind_action(iam, "AttachRolePolicy", _attaching)


def _provisioning(provision: Callable[..., Any]) -> Callable[..., Any]:
    def provision_within(resource_type: str, logical_id: str, props: dict[str, Any], stack_name: str) -> Any:
        _require(resource_type, logical_id, props)
        return provision(resource_type, logical_id, props, stack_name)

    return provision_within


def _updating(update: Callable[..., Any]) -> Callable[..., Any]:
    def update_within(  # noqa: PLR0917  the parameters of MiniStack
        resource_type: str,
        physical_id: str,
        old_props: Any,
        new_props: Any,
        stack_name: str,
        logical_id: str | None = None,
        old_attrs: Any = None,
    ) -> Any:
        _require(resource_type, physical_id, new_props)
        return update(resource_type, physical_id, old_props, new_props, stack_name, logical_id, old_attrs)

    return update_within


def _require(kind: str, name: str, properties: Mapping[str, Any]) -> None:
    """Check a resource.

    Raises:
        ValueError: it is too large; with the words of the handler's error.
    """
    for code, message in lengths.refusals(kind, name, properties or {}):
        raise ValueError(f"{message} (Status Code: 400, Error Code: {code})")


def _registering(answer: Answering) -> Answering:
    def register_within(request: dict[str, Any]) -> Any:
        for code, message in lengths.refusals(lengths.TASK_DEFINITION.type, "", request):
            return ecs.error_response_json(code, message, 400)
        return answer(request)

    return register_within


def _putting(answer: Answering) -> Answering:
    def put_within(data: dict[str, Any]) -> Any:
        for code, message in lengths.refusals(lengths.PARAMETER.type, "", data):
            return ssm.error_response_json(code, message, 400)
        return answer(data)

    return put_within


def _adding_inline(answer: Answering) -> Answering:
    return partial(_within_role, answer, _with_inline)


def _attaching(answer: Answering) -> Answering:
    return partial(_within_role, answer, _with_attached)


def _within_role(answer: Answering, change: Callable[..., dict[str, Any]], request: dict[str, Any]) -> Any:
    name = iam._p(request, "RoleName")
    role = iam._roles.get(name)
    if role is not None:
        for code, message in lengths.refusals("AWS::IAM::Role", name, change(role, request)):
            return iam._error(409, code, message)
    return answer(request)


def _with_inline(role: Mapping[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a role after an inline policy was put."""
    held = {**(role.get("InlinePolicies") or {}), iam._p(request, "PolicyName"): iam._p(request, "PolicyDocument")}
    return {"Policies": [{"PolicyDocument": _document(one)} for one in held.values()]}


def _with_attached(role: Mapping[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a role after a managed policy was attached."""
    return {"ManagedPolicyArns": {*(role.get("AttachedPolicies") or ()), iam._p(request, "PolicyArn")}}


def _making_policy(answer: Answering) -> Answering:
    def make_within(request: dict[str, Any]) -> Any:
        properties = {"PolicyDocument": iam._p(request, "PolicyDocument")}
        for code, message in lengths.refusals("AWS::IAM::ManagedPolicy", "", properties):
            return iam._error(409, code, message)
        return answer(request)

    return make_within


def _document(text: object) -> Any:
    return json.loads(text) if isinstance(text, str) else text
