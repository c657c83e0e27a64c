"""Every rule of a security group and every statement of a role is needed: without it something fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from acceptance.deploy_principal import USER
from compiler.contract import SCHEDULER
from rehearsal.emulator.iam import usage
from tests.conftest import Golden
from tests.life.enforcement import (
    clock,
    compiled,
    endpoints,
    escalation,
    pages,
    policy_pages,
    principal,
    routes,
    security_groups,
    statements,
)
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.pages import FOLDER
from tests.life.enforcement.removal import Trial, try_without
from tests.life.kept import ROOT, keep

pytestmark = pytest.mark.airflow
TWO_ROLES = "tests/life/two-roles.yaml"
"""CloudFormation has a role of its own there; rules and statements are those of other examples."""
FILES = (*compiled.EXAMPLES, TWO_ROLES)
SAMPLE = (
    "VisitorsToLoadBalancer1",
    "WebserverToDatabaseEgress",
    "SchedulerToDatabaseIngress",
    "CommandToDatabaseEgress",
    "SchedulerToFileSystemIngress",
    "SyncToFileSystemEgress",
    "LoadBalancerToWebserverIngress",
    "WebserverToSchedulerEgress",
    "SchedulerToInternet",
    "CommandToInternet",
)
"""Rules of env.example.yaml: each kind of observation, at both ends."""
STATEMENTS = (
    "ExecutionRole/LogInToRegistry",
    "ExecutionRole/PullImages",
    "ExecutionRole/ReadSecrets",
    "ExecutionRole/WriteLogs",
    "ReaderRole/MountToRead",
    "SyncRole/ReadReleases",
    "SyncRole/MountToWrite",
    "TaskRole/MountToRead",
    "TaskRole/MountToWrite",
)
"""Statements of env.example.yaml: each kind of observation."""


@pytest.fixture(
    scope="module", params=[FILES[0], *(pytest.param(file, marks=pytest.mark.endurance) for file in FILES[1:])]
)
def deployed(request: pytest.FixtureRequest) -> Iterator[Deployed]:
    """Keep an environment that has run its sample DAGs; end the rehearsal afterwards."""
    kept = keep(request.param)
    yield Deployed(kept)
    done = kept.run("rehearse", str(kept.environment), "--stop")  # one of the examples is protected
    assert done.returncode == 0, done.stderr


@pytest.fixture
def standing(deployed: Deployed) -> Deployed:
    """Return the environment; one that has ended by itself is rehearsed and kept once more."""
    if deployed.owner.cloudformation.stack(deployed.env.name):
        return deployed
    deployed.kept.run("rehearse", str(deployed.kept.environment), "--stop")
    return Deployed(keep(str(_file(deployed))))


def test_no_container_reaches_what_is_not_its_own(deployed: Deployed, golden: Golden) -> None:
    """Nobody reads a secret through the API, assumes a role, or starts a task with a role but the workers'.

    The page of an example has the whole table.
    """
    _skip_two_roles(deployed)
    every = escalation.targets(deployed)
    reaches = [escalation.reach(deployed, name, every) for name in escalation.containers(deployed.env)]
    for one in reaches:
        assert (one.found["secret"], one.found["assume"]) == ([], []), one
        starts = ["WorkerExecutionRole", "WorkerRole"] if one.container == SCHEDULER else []
        assert sorted(one.found["pass"]) == (starts if deployed.env.executor.has_workers else []), one
    page = escalation.render(deployed.env.name, str(_file(deployed)), every, reaches)
    golden(FOLDER / f"{deployed.env.name}-escalation.md", page)


def test_without_a_rule_of_the_sample_something_fails(deployed: Deployed) -> None:
    """One of each kind, in the example that everybody copies."""
    _skip_all_but_the_first(deployed)
    sample = [rule for rule in security_groups.rules(deployed) if rule.logical_id in SAMPLE]
    assert len(sample) == len(SAMPLE)
    assert [trial.removed.name for trial in (_try(deployed, rule) for rule in sample) if not trial.noticed_by] == []


def test_without_a_statement_of_the_sample_something_fails(deployed: Deployed) -> None:
    """One of each kind, in the example that everybody copies."""
    _skip_all_but_the_first(deployed)
    sample = [one for one in statements.statements(deployed) if one.name in STATEMENTS]
    assert len(sample) == len(STATEMENTS)
    trials = [_try_statement(deployed, one) for one in sample]
    assert [trial.removed.name for trial in trials if not trial.noticed_by] == []


@pytest.mark.endurance
def test_without_any_rule_something_fails(deployed: Deployed, golden: Golden) -> None:
    """The page of an example says what noticed; what no rehearsal uses is explained there."""
    _skip_two_roles(deployed)
    trials = [_try(deployed, rule) for rule in security_groups.rules(deployed)]
    assert [trial.removed.name for trial in trials if not trial.noticed_by] == []
    golden(FOLDER / f"{deployed.env.name}.md", pages.of_rules(_file(deployed), deployed.env.name, trials))


@pytest.mark.endurance
def test_without_any_endpoint_something_fails(deployed: Deployed, golden: Golden) -> None:
    """The page of an example says what noticed."""
    if deployed.env.network.reaches_internet:
        pytest.skip("tasks have another way to AWS")
    trials = [_try_endpoint(deployed, one) for one in endpoints.endpoints(deployed)]
    assert [trial.removed.name for trial in trials if not trial.noticed_by] == []
    page = pages.of_endpoints(_file(deployed), deployed.env.name, trials)
    golden(FOLDER / f"{deployed.env.name}-endpoints.md", page)


@pytest.mark.endurance
def test_without_any_route_something_fails(deployed: Deployed, golden: Golden) -> None:
    """In each mode of the network; the page of an example says what noticed."""
    if str(_file(deployed)) not in compiled.of_each_mode():
        pytest.skip("another example has such a network")
    trials = [_try_route(deployed, one) for one in routes.routes(deployed)]
    assert trials
    assert [trial.removed.name for trial in trials if not trial.noticed_by] == []
    given = deployed.env.network.given is not None
    page = pages.of_routes(_file(deployed), deployed.env.name, trials, given=given)
    golden(FOLDER / f"{deployed.env.name}-routes.md", page)


@pytest.mark.endurance
def test_every_statement_is_noticed_or_explained(deployed: Deployed, golden: Golden) -> None:
    """The page of an example says what noticed; what no observation depends on is explained there."""
    _skip_two_roles(deployed)
    assert deployed.used
    granted = list(statements.statements(deployed))
    if any(one.sid == "ReadTaskLogs" for one in granted):
        assert deployed.workers.finished_run  # before anything is taken away
    at_end = [one for one in granted if statements.is_for_the_end(one)]
    trials = [_try_statement(deployed, one) for one in statements.in_order(granted)]
    trials += _try_end(deployed, at_end)
    golden(
        FOLDER / f"{deployed.env.name}-permissions.md", pages.of_statements(_file(deployed), deployed.env.name, trials)
    )


@pytest.mark.endurance
def test_every_action_of_the_policies_is_used_or_listed(standing: Deployed, golden: Golden, tmp_path: Path) -> None:
    """The page has the rest, and docs/permissions.md says why none of the examples uses it."""
    principal.use(standing, tmp_path)
    principal.take_down(standing)
    uses = usage.read(standing.emulator.directory)
    page = policy_pages.render(policy_pages.of_life(standing.env, _file(standing)), uses)
    golden(policy_pages.file_of(standing.env.name), page)


@pytest.mark.endurance
def test_two_roles_share_the_work(deployed: Deployed) -> None:
    """Whoever deploys makes nothing, and CloudFormation's role runs no task; this comes after the teardown."""
    if not deployed.env.aws.cloudformation_role:
        pytest.skip("one role does everything here")
    uses = usage.read(deployed.emulator.directory)
    by_user = {use.action for use in uses if use.who.endswith(f"user/{USER}")}
    by_role = {use.action for use in uses if use.who.endswith("/cloudformation")}
    made = {"ec2:CreateVpc", "rds:CreateDBInstance", "iam:CreateRole", "rds:DeleteDBInstance", "ec2:DeleteVpc"}
    assert made <= by_role
    assert not made & by_user
    assert {"cloudformation:CreateChangeSet", "ecs:RunTask", "iam:PassRole"} <= by_user
    assert "ecs:RunTask" not in by_role


def _try(deployed: Deployed, rule: security_groups.Rule) -> Trial:
    removable = security_groups.removable(deployed, rule)
    observations = security_groups.observations(deployed, rule.connection)
    return try_without(removable, observations, needs=security_groups.is_used(deployed, rule.connection))


def _try_endpoint(deployed: Deployed, endpoint: endpoints.Endpoint) -> Trial:
    removable, observations = endpoints.removable(deployed, endpoint), tuple(endpoints.observations(deployed, endpoint))
    return try_without(removable, observations, needs=endpoints.is_used(deployed, endpoint))


def _try_route(deployed: Deployed, route: routes.Route) -> Trial:
    removable, observations = routes.removable(deployed, route), tuple(routes.observations(deployed, route))
    return try_without(removable, observations, needs=routes.is_used(deployed, route))


def _try_statement(deployed: Deployed, granted: statements.Granted) -> Trial:
    removable = statements.removable(deployed, granted)
    observations = statements.observations(deployed, granted)
    return try_without(removable, observations, needs=statements.is_used(deployed, granted))


def _try_end(deployed: Deployed, granted: list[statements.Granted]) -> list[Trial]:
    """Let the environment end by its schedule, if it has one; what it used for that is known afterwards."""
    if not granted:
        return []
    removables = {one: statements.removable(deployed, one) for one in granted}
    tried = clock.try_end(deployed, [removables[one] for one in granted if one.sid in statements.OF_END])
    noticed = {trial.removed.name: trial.noticed_by for trial in tried}
    return [statements.after_the_end(deployed, one, removables[one], noticed.get(one.name, ())) for one in granted]


def _skip_all_but_the_first(deployed: Deployed) -> None:
    if str(_file(deployed)) != FILES[0]:
        pytest.skip("the sample is of the first example; the full table has the others")


def _skip_two_roles(deployed: Deployed) -> None:
    if deployed.env.aws.cloudformation_role:
        pytest.skip("it has the rules and the statements of env.example.yaml")


def _file(deployed: Deployed) -> Path:
    return deployed.kept.environment.relative_to(ROOT)
