"""Reads from templates which policies give or deny whom which actions on what."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from compiler.model.stack_graph import StackGraph
from deployer.differences.difference import Grant
from deployer.differences.values import shown

_ROLE = "AWS::IAM::Role"
_DOCUMENTS = ("PolicyDocument", "FileSystemPolicy", "RepositoryPolicyText", "KeyPolicy", "ResourcePolicy")
"""The properties that hold the policy of a resource itself."""


def grants(graph: StackGraph) -> tuple[Grant, ...]:
    """Return every right of every policy in the templates, one for each action and resource."""
    return tuple(
        grant
        for path, resource in graph.resources.items()
        for grant in _of_resource(path, str(resource.get("Type")), resource.get("Properties", {}))
    )


def less(rights: Iterable[Grant], known: Iterable[Grant]) -> tuple[Grant, ...]:
    """Return the rights that are not among those `known`, with all actions of one kind in one."""
    left = dict.fromkeys(rights)
    for right in known:
        left.pop(right, None)
    merged: dict[Grant, list[str]] = {}
    for right in left:
        merged.setdefault(replace(right, actions=()), []).extend(right.actions)
    return tuple(replace(right, actions=tuple(actions)) for right, actions in merged.items())


def _of_resource(path: str, type_: str, properties: Mapping[str, Any]) -> Iterator[Grant]:
    if type_ == _ROLE:
        for policy in properties.get("Policies", ()):
            yield from _of_document(path, policy.get("PolicyDocument", {}))
        for arn in properties.get("ManagedPolicyArns", ()):
            yield Grant(who=path, effect="Allow", actions=("all actions",), resource=f"of the policy {shown(arn)}")
        yield from _of_document("", properties.get("AssumeRolePolicyDocument", {}), on=path)
        return
    for name in _DOCUMENTS:
        if isinstance(document := properties.get(name), dict):
            yield from _of_document("", document, on=path)


def _of_document(who: str, document: Mapping[str, Any], on: str = "") -> Iterator[Grant]:
    """Yield the rights of a policy: of a role `who`, or of whoever the statements name on the resource `on`."""
    for statement in _list(document.get("Statement")):
        condition = json.dumps(statement["Condition"], sort_keys=True) if "Condition" in statement else ""
        denied = "" if "Action" in statement else "all actions but "
        actions = _list(statement.get("Action", statement.get("NotAction")))
        for principal in [who] if who else _principals(statement):
            for resource in [on] if on else [*map(shown, _list(statement.get("Resource")))]:
                for action in actions:
                    yield Grant(
                        who=principal,
                        effect=str(statement.get("Effect")),
                        actions=(f"{denied}{shown(action)}",),
                        resource=resource,
                        condition=condition,
                    )


def _principals(statement: Mapping[str, Any]) -> list[str]:
    principal = statement.get("Principal", "*")
    if not isinstance(principal, dict) or "Ref" in principal:
        return [shown(principal)]
    return [shown(name) for names in principal.values() for name in _list(names)]


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
