"""Promises of the rules for roles: every role of every template follows them, and none has another's name."""

from collections.abc import Iterator, Mapping
from typing import Any

from compiler.compile import compile_environment
from compiler.model.yaml_reader import read_template
from spec.reading.load import parse

PLAIN = """
name: {name}
aws: {{account: "123456789012", region: us-west-2{rules}}}
airflow: {{version: 3.3.2, python: "3.12", executor: ecs}}
network: {{allowed_cidrs: [203.0.113.0/24]}}
database: {{kind: container, engine: postgres, version: "16"}}
ttl: 3d
schedule: {{on: "08:00-18:00 Mon-Fri", timezone: UTC}}
"""
BOUNDARY = "arn:aws:iam::123456789012:policy/boundary"
RULES = f", permissions_boundary: '{BOUNDARY}', role_path: /team/, role_name_prefix: airflow-team-of-data-"


def roles(rules: str = RULES, name: str = "demo") -> Iterator[Mapping[str, Any]]:
    """Yield the properties of every role, the bootstrap stack's included."""
    templates = compile_environment(parse(PLAIN.format(rules=rules, name=name), "env.yaml"))
    for text in templates.files.values():
        for resource in read_template(text)["Resources"].values():
            if resource["Type"] == "AWS::IAM::Role":
                yield resource["Properties"]


def test_every_role_has_boundary_path_and_prefix() -> None:
    """An account that demands them refuses a single role without."""
    found = list(roles())
    assert len(found) >= 9
    assert {role["PermissionsBoundary"] for role in found} == {BOUNDARY}
    assert {role["Path"] for role in found} == {"/team/"}
    assert all(role["RoleName"].startswith("airflow-team-of-data-") for role in found)


def test_without_rules_a_role_says_nothing_of_them() -> None:
    """Roles that stand stay as they are."""
    assert not any({"PermissionsBoundary", "Path", "RoleName"} & role.keys() for role in roles(""))


def test_names_fit_and_are_all_different() -> None:
    """IAM takes 64 characters, and has one list for all regions, environments and paths."""
    longest = "an-environment-of-32-characters1"
    everywhere = ("demo", RULES), ("demo", RULES.replace("/team/", "/other/")), (longest, RULES)
    stacks = [role["RoleName"] for name, rules in everywhere for role in list(roles(rules, name))]
    assert all(len(name) <= 64 for name in stacks)
    shared = len([name for name in stacks if "toolkit" in name])
    assert len(set(stacks)) == len(stacks) - shared + 2  # the two environments with one path share the toolkit's role
