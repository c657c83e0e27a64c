"""Resources that are too large are refused, from CloudFormation and from callers; MiniStack keeps most of them.

Sources: rehearsal/emulator/rules/lengths.py has the limits, one by one.
"""
# ruff: noqa: SLF001  what needs correcting is not public

import json
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ministack.services import alb, ecs, iam, ssm

from rehearsal.emulator.patches.rebinding import rebind, rebind_action
from rehearsal.emulator.patches.resource_checks import check_creations, check_updates
from rehearsal.emulator.rules import lengths

Request = dict[str, Any]
Answering = Callable[[Request], Any]


def apply() -> None:
    """Put the limits in force; this comes before other corrections of the same functions."""
    check_creations(_require)
    check_updates(lambda kind, name, _old, new: _require(kind, name, new))
    rebind_action(ecs, "RegisterTaskDefinition", _limited(lengths.TASK_DEFINITION.type, _whole, _refusal_of_ecs))
    rebind(ssm, "_put_parameter", _limited(lengths.PARAMETER.type, _whole, _refusal_of_ssm), takes="data")
    for action in ("CreateRule", "ModifyRule"):
        rebind_action(alb, action, _limited(lengths.ANSWER.type, _of_rule, alb._error))
    rebind_action(iam, "CreatePolicy", _limited("AWS::IAM::ManagedPolicy", _of_policy, _refusal_of_iam))
    rebind_action(iam, "PutRolePolicy", lambda answer: partial(_within_role, answer, _with_inline))
    rebind_action(iam, "AttachRolePolicy", lambda answer: partial(_within_role, answer, _with_attached))


def _require(kind: str, name: str, properties: Mapping[str, Any]) -> None:
    """Check a resource.

    Raises:
        ValueError: it is too large; with the words of the handler's error.
    """
    for code, message in lengths.refusals(kind, name, properties or {}):
        raise ValueError(f"{message} (Status Code: 400, Error Code: {code})")


def _limited(
    kind: str, properties_of: Callable[[Request], Request], refuse: Callable[[str, str], Any]
) -> Callable[[Answering], Answering]:
    """Return a correction that refuses a request for a resource of this type that is too large."""

    def correct(answer: Answering) -> Answering:
        def answer_within(request: Request) -> Any:
            for code, message in lengths.refusals(kind, "", properties_of(request)):
                return refuse(code, message)
            return answer(request)

        return answer_within

    return correct


def _whole(request: Request) -> Request:
    return request


def _of_rule(request: Request) -> Request:
    return {"Actions": alb._parse_actions(request, "Actions")}


def _of_policy(request: Request) -> Request:
    return {"PolicyDocument": iam._p(request, "PolicyDocument")}


def _refusal_of_ecs(code: str, message: str) -> Any:
    return ecs.error_response_json(code, message, 400)


def _refusal_of_ssm(code: str, message: str) -> Any:
    return ssm.error_response_json(code, message, 400)


def _refusal_of_iam(code: str, message: str) -> Any:
    return iam._error(409, code, message)


def _within_role(answer: Answering, change: Callable[..., dict[str, Any]], request: Request) -> Any:
    name = iam._p(request, "RoleName")
    role = iam._roles.get(name)
    if role is not None:
        for code, message in lengths.refusals("AWS::IAM::Role", name, change(role, request)):
            return _refusal_of_iam(code, message)
    return answer(request)


def _with_inline(role: Mapping[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a role after an inline policy was put."""
    held = {**(role.get("InlinePolicies") or {}), iam._p(request, "PolicyName"): iam._p(request, "PolicyDocument")}
    return {"Policies": [{"PolicyDocument": _document(one)} for one in held.values()]}


def _with_attached(role: Mapping[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Return the properties of a role after a managed policy was attached."""
    return {"ManagedPolicyArns": {*(role.get("AttachedPolicies") or ()), iam._p(request, "PolicyArn")}}


def _document(text: object) -> Any:
    return json.loads(text) if isinstance(text, str) else text
