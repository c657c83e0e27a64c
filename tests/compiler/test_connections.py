"""Promises of the table of connections: rules and permissions in the templates are what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compiler.connections import connections, groups
from compiler.contract import COMMAND, SYNC, WORKER, title
from compiler.model import stack_values as values
from compiler.model.connection import INTERNET

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

RULES = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")


def test_every_end_of_a_connection_is_a_group_a_network_or_the_internet(case: Case) -> None:
    """Nothing connects to something that the environment does not have."""
    known = set(groups(case.env))
    for row in connections(case.env):
        assert row.source in known or row.source in case.env.network.allowed_cidrs, row
        assert row.target in known or row.target == INTERNET, row
        assert row.why


def test_the_table_has_every_rule_of_the_templates(case: Case) -> None:
    """A row between groups makes two rules, a row that crosses the border of the network makes one."""
    rows = list(connections(case.env))
    known = set(groups(case.env))
    inner = [row for row in rows if row.source in known and row.target in known]
    assert sum(len(case.resources(kind)) for kind in RULES) == len(rows) + len(inner)
    assert len({(row.source, row.target, row.port, row.why) for row in rows}) == len(rows)


def test_actions_are_those_of_the_role(case: Case) -> None:
    """A row that says what its source may do on the file system agrees with the role of that source."""
    for row in connections(case.env):
        if row.actions:
            assert set(row.actions) == _mounting_actions(case, row.source), row.source


def test_only_mounts_have_actions_of_iam(case: Case) -> None:
    """IAM checks the mounts of the file system and no other connection."""
    assert {row.target for row in connections(case.env) if row.actions} == {"file_system"}


def _mounting_actions(case: Case, source: str) -> set[str]:
    definition = case.definition_of(title(source))
    role = definition["TaskRoleArn"]
    name = role["Ref"] if "Ref" in role else role["Fn::GetAtt"].partition(".")[0]
    statements = [
        statement
        for policy in case.resources("AWS::IAM::Role")[name]["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    return {
        action for statement in statements for action in statement["Action"] if action.startswith("elasticfilesystem:")
    }


def test_every_task_has_a_group(case: Case) -> None:
    """Processes, workers, one-off tasks: each has the security group that the table speaks of."""
    tasks = (
        {process.name for process in case.env.processes}
        | {COMMAND, SYNC}
        | ({WORKER} if case.env.executor.has_workers else set())
    )
    assert tasks <= set(groups(case.env))
    made = case.resources("AWS::EC2::SecurityGroup")
    assert set(made) == {values.security_group_of(name).title for name in groups(case.env)}
