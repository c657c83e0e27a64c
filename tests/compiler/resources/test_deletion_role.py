"""Promises of the role that deletes what has expired: enough for every type there is, and no more."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from compiler.model.template_set import BOOTSTRAP, ROOT
from compiler.resources.deletion_role import ELSEWHERE, LOOKS, TAGGED

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

LOOKING = ("Describe", "Get", "List")
LONGEST_POLICY = 10_240


@pytest.fixture
def role(smallest: Case) -> dict[str, Any]:
    """Return the properties of the role."""
    properties: dict[str, Any] = smallest.parsed[BOOTSTRAP]["Resources"]["DeletionRole"]["Properties"]
    return properties


@pytest.fixture
def statements(role: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Return the permissions of the role, by the names of the statements."""
    (policy,) = role["Policies"]
    return {statement["Sid"]: statement for statement in policy["PolicyDocument"]["Statement"]}


def test_every_resource_type_can_be_deleted(case: Case) -> None:
    """A new resource type needs a line here, or its environments could not delete themselves."""
    types = {resource["Type"] for _, resource in case.everything()}
    assert types <= TAGGED.keys() | ELSEWHERE.keys()


def test_only_cloudformation_assumes_the_role(role: dict[str, Any]) -> None:
    """No user and no container can."""
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "cloudformation.amazonaws.com"}


def test_no_action_has_a_wildcard(statements: dict[str, dict[str, Any]]) -> None:
    """Every action is written out."""
    assert not [action for statement in statements.values() for action in statement["Action"] if "*" in action]


def test_resources_with_tags_need_the_environments_tag(statements: dict[str, dict[str, Any]]) -> None:
    """The resource is a wildcard, so the tag keeps other resources safe."""
    deletion = statements["DeleteWhatBearsTheTag"]
    assert deletion["Condition"] == {"Null": {"aws:ResourceTag/windsock:environment": "false"}}
    assert set(deletion["Action"]) == {action for actions in TAGGED.values() for action in actions}


def test_the_statement_without_a_condition_only_reads(statements: dict[str, dict[str, Any]]) -> None:
    """It holds no action that changes anything."""
    assert set(statements["LookAround"]["Action"]) == {action for actions in LOOKS.values() for action in actions}
    assert all(action.partition(":")[2].startswith(LOOKING) for action in statements["LookAround"]["Action"])


def test_types_without_tags_have_a_statement(statements: dict[str, dict[str, Any]]) -> None:
    """Named by name where there is one, and ECS's task definitions, which AWS lets nobody name, alone."""
    assert set(ELSEWHERE.values()) <= statements.keys()
    anything = {name for name, statement in statements.items() if statement["Resource"] == ["*"]}
    assert anything == {"DeleteWhatBearsTheTag", "LookAround", "DeregisterTaskDefinitions"}


def test_the_policy_fits_the_limit_of_iam(role: dict[str, Any]) -> None:
    """IAM counts the characters of a role's own policies, without blanks."""
    assert len(json.dumps(role["Policies"], separators=(",", ":"))) < LONGEST_POLICY


def test_the_root_has_only_nested_stacks(smallest: Case) -> None:
    """So the root itself needs no permission."""
    assert {resource["Type"] for resource in smallest.parsed[ROOT]["Resources"].values()} == {
        "AWS::CloudFormation::Stack"
    }
