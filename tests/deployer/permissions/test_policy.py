"""The policies fit into IAM, and allow what their purpose needs."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from deployer.permissions.own_calls import ONLY_WITH, Purpose
from deployer.permissions.policy import (
    DOCUMENT_MAXIMUM,
    Document,
    cloudformation_policies,
    cloudformation_trust,
    deployer_policies,
    size,
)
from spec.reading.load import load, parse
from tests.deployer.fakes.environment import YAML, environment
from tests.deployer.permissions.subjects import subject_of

GOLDEN = Path(__file__).parents[2] / "golden" / "templates"
CASES = sorted(folder.name for folder in GOLDEN.iterdir())
ROLE = "arn:aws:iam::123456789012:role/cloudformation"
SPLIT = YAML.replace("tags:", f"cloudformation_role: '{ROLE}', tags:")
MOST = 10
"""Managed policies that a role can have, unless its account asked for more."""


@pytest.mark.parametrize("case", CASES)
def test_every_policy_fits_into_iam(case: str) -> None:
    """And a role can have all of them; names of statements differ."""
    env = load(GOLDEN / case / "env.yaml")
    documents = deployer_policies(subject_of(env))
    assert max(map(size, documents)) <= DOCUMENT_MAXIMUM
    assert len(documents) <= MOST // 2
    names = [statement["Sid"] for document in documents for statement in document["Statement"]]
    assert len(names) == len(set(names))
    assert all(name.isalnum() for name in names)


def test_a_purpose_needs_no_more_than_all_do() -> None:
    """Each is a part of the whole."""
    env = environment()
    whole = _actions(deployer_policies(subject_of(env)))
    for purpose in Purpose:
        assert _actions(deployer_policies(subject_of(env), {purpose})) <= whole


@pytest.mark.parametrize(("case", "changes"), [("smallest-3.3.2", True), ("container-postgres", False)])
def test_only_an_environment_with_a_db_instance_may_change_one(case: str, *, changes: bool) -> None:
    """A database in a container needs none of what Windsock calls for RDS but looks."""
    env = load(GOLDEN / case / "env.yaml")
    allowed = _actions(deployer_policies(subject_of(env)))
    assert "rds:DescribeDBInstances" in allowed
    assert (allowed >= ONLY_WITH["AWS::RDS::DBInstance"]) is changes
    assert (not allowed & ONLY_WITH["AWS::RDS::DBInstance"]) is not changes


def test_only_a_deploy_makes_things() -> None:
    """Who pushes code cannot touch the stack; who takes down can only delete."""
    env = environment()
    allowed = {purpose: _actions(deployer_policies(subject_of(env), {purpose})) for purpose in Purpose}
    assert "ec2:CreateVpc" in allowed[Purpose.DEPLOY]
    assert "ec2:CreateVpc" not in allowed[Purpose.TEARDOWN]
    assert "ec2:DeleteVpc" in allowed[Purpose.TEARDOWN]
    assert not {action for action in allowed[Purpose.PUSH] if action.startswith(("ec2:", "cloudformation:Execute"))}


def test_with_a_role_of_its_own_cloudformation_makes_the_resources() -> None:
    """Whoever deploys can hand over that role, and make no VPC."""
    env = parse(SPLIT, "env.yaml")
    deployer, acting = deployer_policies(subject_of(env)), cloudformation_policies(subject_of(env))
    assert "ec2:CreateVpc" not in _actions(deployer)
    assert "ec2:CreateVpc" in _actions(acting)
    (hand_over,) = [
        statement
        for document in deployer
        for statement in document["Statement"]
        if statement["Sid"] == "HandRoleToCloudFormation"
    ]
    assert hand_over["Resource"] == [ROLE]
    assert cloudformation_trust()["Statement"][0]["Principal"] == {"Service": "cloudformation.amazonaws.com"}


def test_without_such_a_role_there_is_one_set_of_policies() -> None:
    """It covers both; who only pushes hands nothing over either."""
    env, split = environment(), parse(SPLIT, "env.yaml")
    assert cloudformation_policies(subject_of(env)) == ()
    assert cloudformation_policies(subject_of(split), {Purpose.PUSH}) == ()
    assert "HandRoleToCloudFormation" not in str(deployer_policies(subject_of(split), {Purpose.PUSH}))


def _actions(documents: Iterable[Document]) -> set[str]:
    return {action for document in documents for statement in document["Statement"] for action in statement["Action"]}
