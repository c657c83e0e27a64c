"""Writes the policies for an environment or a network: for one role, or for two with CloudFormation's.

IAM limits the size of a policy, so a role may need several.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from typing import Any

from compiler.model.template_set import TemplateSet
from deployer.permissions.handler_actions import DATA_KEY, needed_by, needed_by_properties
from deployer.permissions.own_calls import ONLY_WITH, Purpose
from deployer.permissions.resource_names import resource_types
from deployer.permissions.scope import Scope
from deployer.permissions.scopes import Scopes
from deployer.permissions.subject import Subject
from spec.environment import Environment

VERSION = "2012-10-17"
CLOUDFORMATION = "cloudformation.amazonaws.com"
READS_TEMPLATES = frozenset({"s3:GetObject"})
DOCUMENT_MAXIMUM = 6144
"""Characters of a managed policy; IAM does not count white space. Source:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
HANDLERS: Mapping[Purpose, tuple[str, ...]] = {
    Purpose.DEPLOY: ("create", "read", "update", "delete"),  # a change that fails is rolled back
    Purpose.TEARDOWN: ("read", "delete"),
}
DETECTS_DRIFT = "cloudformation:DetectStackDrift"
"""CloudFormation reads every resource with the rights of whoever lets it detect drift."""
_EMPTY = len('{"Statement":[],"Version":""}') + len(VERSION)

Document = Mapping[str, Any]
_Statement = dict[str, Any]


def of_all_branches(env: Environment) -> Environment:
    """Return an environment whose name stands for those of all branches of `env`; it is good for policies alone."""
    return env.model_copy(update={"name": f"{env.name}-*"})


def deployer_policies(subject: Subject, purposes: AbstractSet[Purpose] = frozenset(Purpose)) -> tuple[Document, ...]:
    """Return the policies of whoever deploys; they cover CloudFormation's work where it has no role of its own."""
    scopes, actions, types = Scopes.of(subject), subject.own_actions(purposes), resource_types(subject.templates)
    actions -= {action for type_, needed in ONLY_WITH.items() if type_ not in types for action in needed}
    if DETECTS_DRIFT in actions:
        actions |= needed_by(types, ("read",))
    actions |= frozenset(DATA_KEY) if subject.encrypts_data else frozenset()
    role = subject.aws.cloudformation_role
    if role is None:
        return _documents(_statements(scopes, actions | _handler_actions(subject.templates, purposes)))
    statements = _statements(scopes, actions)
    if purposes & HANDLERS.keys():
        statements.append(_hand_over(role))
    return _documents(statements)


def cloudformation_policies(
    subject: Subject, purposes: AbstractSet[Purpose] = frozenset(Purpose)
) -> tuple[Document, ...]:
    """Return the policies of CloudFormation's own role; none where it has none, or these purposes do not need it."""
    if subject.aws.cloudformation_role is None or not purposes & HANDLERS.keys():
        return ()
    reads = READS_TEMPLATES if subject.templates.nested else frozenset()
    return _documents(_statements(Scopes.of(subject), _handler_actions(subject.templates, purposes) | reads))


def cloudformation_trust() -> Document:
    """Return the trust policy of that role."""
    trusted = {"Effect": "Allow", "Principal": {"Service": CLOUDFORMATION}, "Action": "sts:AssumeRole"}
    return {"Version": VERSION, "Statement": [trusted]}


def size(document: Document) -> int:
    """Return the characters of a policy as IAM counts them."""
    return len(_compact(document))


def _hand_over(role: str) -> _Statement:
    return {
        "Sid": "HandRoleToCloudFormation",
        "Effect": "Allow",
        "Action": ["iam:PassRole"],
        "Resource": [role],
        "Condition": {"StringEquals": {"iam:PassedToService": CLOUDFORMATION}},
    }


def _handler_actions(templates: TemplateSet, purposes: AbstractSet[Purpose]) -> frozenset[str]:
    kinds = (kind for purpose, kinds in HANDLERS.items() if purpose in purposes for kind in kinds)
    return needed_by(resource_types(templates), kinds) | needed_by_properties(templates)


def _statements(scopes: Scopes, actions: Iterable[str]) -> list[_Statement]:
    """Return one statement for each scope, with all actions that are allowed there."""
    by_scope: dict[str, tuple[Scope, list[str]]] = {}
    for action in sorted(actions):
        for scope in scopes.of_action(action):
            by_scope.setdefault(scope.key, (scope, []))[1].append(action)
    return list(_named(sorted(by_scope.values(), key=lambda pair: (pair[0].name, pair[1]))))


def _named(scoped: Iterable[tuple[Scope, list[str]]]) -> Iterator[_Statement]:
    """Yield statements with names that differ within all policies."""
    used: dict[str, int] = {}
    for scope, actions in scoped:
        used[scope.name] = used.get(scope.name, 0) + 1
        number = str(used[scope.name]) if used[scope.name] > 1 else ""
        statement = {
            "Sid": f"{scope.name}{number}",
            "Effect": "Allow",
            "Action": actions,
            "Resource": list(scope.resources),
        }
        yield {**statement, **({"Condition": scope.conditions} if scope.conditions else {})}


def _documents(statements: Iterable[_Statement]) -> tuple[Document, ...]:
    """Return as few policies as the statements fit into, the largest statements first."""
    bins: list[list[_Statement]] = []
    for statement in sorted(statements, key=lambda one: (-len(_compact(one)), one["Sid"])):
        room = next((one for one in bins if _size_of([*one, statement]) <= DOCUMENT_MAXIMUM), None)
        if room is None:
            bins.append(room := [])
        room.append(statement)
    return tuple(
        {"Version": VERSION, "Statement": sorted(one, key=lambda statement: str(statement["Sid"]))} for one in bins
    )


def _size_of(statements: Iterable[_Statement]) -> int:
    return _EMPTY + sum(len(_compact(one)) + 1 for one in statements)


def _compact(value: object) -> str:
    return json.dumps(value, separators=(",", ":"), sort_keys=True)
