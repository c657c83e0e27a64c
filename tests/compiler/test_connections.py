"""Promises of the table of connections: rules and statements in the templates are what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from compiler.airflow.roles import ECS, ECS_FOR_WORKERS
from compiler.connections import connections, groups, permissions
from compiler.contract import COMMAND, DATABASE, WORKER, title
from compiler.deliveries.roster import delivery_of
from compiler.model import stack_values as values
from compiler.model.connection import INTERNET
from compiler.resources.permissions import BACKUP
from compiler.resources.schedules import EXPIRY, SCHEDULE

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

LIFETIME_ROLE = "lifetime.yaml/SchedulesRole"
RULES = ("AWS::EC2::SecurityGroupIngress", "AWS::EC2::SecurityGroupEgress")


def test_every_end_of_a_connection_is_a_group_a_network_or_the_internet(case: Case) -> None:
    """Nothing connects to something that the environment does not have."""
    known = set(groups(case.env))
    for row in connections(case.env):
        assert row.source in known or row.source in case.env.network.allowed_cidrs, row
        assert row.target in known or row.target in {INTERNET, *case.env.database.cidrs}, row
        assert row.why


def test_the_table_has_every_rule_of_the_templates(case: Case) -> None:
    """A row makes the rules that it names, one for each end that is a group."""
    rows = list(connections(case.env))
    named = {logical_id for row in rows for logical_id in row.rule_ids.values()}
    assert {logical_id for kind in RULES for logical_id in case.resources(kind)} == named
    assert len({(row.source, row.target, row.port, row.why) for row in rows}) == len(rows)


def test_a_source_that_reaches_every_address_has_one_egress_rule(case: Case) -> None:
    """One for every address and port lets it reach the others too."""
    for row in connections(case.env):
        assert row.source_is_unbound is (_reaches_all(case, row.source) and row.target != INTERNET)


def _reaches_all(case: Case, source: str) -> bool:
    group = {"Ref": values.security_group_of(source).title}
    rules = (one["Properties"] for one in case.resources("AWS::EC2::SecurityGroupEgress").values())
    return any(one["GroupId"] == group and one["IpProtocol"] == "-1" for one in rules)


def test_every_permission_is_a_statement_of_its_role(case: Case) -> None:
    """What the table says of a source, the role of that source allows, word for word."""
    statements = _statements(case)
    for row in permissions(case.env):
        allowed = statements[_role_of(case, row.source), row.sid]
        assert tuple(allowed["Action"]) == row.actions, row
        assert tuple(map(_text, allowed["Resource"])) == row.resources, row
        assert allowed.get("Condition", {}).keys() == row.conditions.keys(), row
        assert row.why


def test_the_table_has_every_statement_of_the_templates(case: Case) -> None:
    """No role allows anything that the table does not say of one of its sources."""
    assert _statements(case).keys() == {(_role_of(case, row.source), row.sid) for row in permissions(case.env)}


def _statements(case: Case) -> dict[tuple[str, str], dict[str, Any]]:
    return {
        (f"{file}/{role}", statement["Sid"]): statement
        for file, template in case.parsed.items()
        if file != "toolkit.yaml"
        for role, resource in template["Resources"].items()
        if resource["Type"] == "AWS::IAM::Role"
        for policy in resource["Properties"]["Policies"]
        for statement in policy["PolicyDocument"]["Statement"]
    }


def _role_of(case: Case, source: str) -> str:
    known = {
        ECS: "platform.yaml/ExecutionRole",
        ECS_FOR_WORKERS: "platform.yaml/WorkerExecutionRole",
        SCHEDULE: "hours.yaml/SchedulesRole",
        EXPIRY: LIFETIME_ROLE,
        BACKUP: "backup.yaml/BackupRole",
    }
    if source in known:
        return known[source]
    role = case.definition_of(title(source))["TaskRoleArn"]
    name = role["Ref"] if "Ref" in role else role["Fn::GetAtt"].partition(".")[0]
    return f"{'database' if source == DATABASE else 'platform'}.yaml/{name}"


def _text(resource: Any) -> str:
    if isinstance(resource, str):
        return resource
    (value,) = resource.values()
    return str(value) if "Fn::Sub" in resource else f"${{{value}}}"


def test_every_task_has_a_group(case: Case) -> None:
    """Processes, workers, one-off tasks: each has the security group that the table speaks of."""
    tasks = (
        {process.name for process in case.env.processes}
        | {COMMAND, *delivery_of(case.env).tasks}
        | ({WORKER} if case.env.executor.has_workers else set())
    )
    assert tasks <= set(groups(case.env))
    made = case.resources("AWS::EC2::SecurityGroup")
    assert set(made) == {values.security_group_of(name).title for name in groups(case.env)}
