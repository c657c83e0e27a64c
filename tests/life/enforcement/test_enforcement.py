"""Every rule of a security group and every statement of a role is needed: without it something fails."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import Golden
from tests.life.enforcement import security_groups, statements
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.removal import Trial, table, try_without
from tests.life.kept import ROOT, keep

pytestmark = pytest.mark.airflow
EXAMPLES = ("airflow-3", "branch-mysql", "branch-postgres", "ecs-executor", "google-oauth")
FILES = ("env.example.yaml", *(f"examples/{name}.yaml" for name in EXAMPLES))
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
    "SyncRole/ListCode",
    "SyncRole/ReadCode",
    "SyncRole/MountToWrite",
    "TaskRole/MountToRead",
    "TaskRole/MountToWrite",
)
"""Statements of env.example.yaml: each kind of observation."""
INTRODUCTION = """# Security groups of {name}

Which rules `{file}` needs. In one running rehearsal, each rule was revoked alone and put back.
`make endurance` compares this page with what it sees.

"""
PERMISSIONS = """# Permissions of {name}

Which statements of its roles `{file}` needs. In one running rehearsal, each was taken away alone and put back.
`make endurance` compares this page with what it sees.

"""
EXPLANATIONS = {
    "ToScheduler": "logs of tasks that still run: a rehearsal reads logs when the tasks have ended",
    "ToTriggerer": "logs of triggers that still run: no sample DAG defers a task",
}
"""Why a rehearsal does not use a rule, by what its name ends with."""


@pytest.fixture(
    scope="module", params=[FILES[0], *(pytest.param(file, marks=pytest.mark.endurance) for file in FILES[1:])]
)
def deployed(request: pytest.FixtureRequest) -> Iterator[Deployed]:
    """Keep an environment that has run its sample DAGs; end the rehearsal afterwards."""
    kept = keep(request.param)
    yield Deployed(kept)
    done = kept.run("rehearse", str(kept.environment), "--stop")  # one of the examples is protected
    assert done.returncode == 0, done.stderr


def _try(deployed: Deployed, rule: security_groups.Rule) -> Trial:
    removable = security_groups.removable(deployed, rule)
    observations = security_groups.observations(deployed, rule.connection)
    return try_without(removable, observations, needs=security_groups.is_used(deployed, rule.connection))


def test_without_a_rule_of_the_sample_something_fails(deployed: Deployed) -> None:
    """One of each kind, in the example that everybody copies."""
    if deployed.kept.environment.name != FILES[0]:
        pytest.skip("the sample is of the first example; the full table has the others")
    sample = [rule for rule in security_groups.rules(deployed) if rule.logical_id in SAMPLE]
    assert len(sample) == len(SAMPLE)
    assert [trial.removed.name for trial in (_try(deployed, rule) for rule in sample) if not trial.noticed_by] == []


def test_without_a_statement_of_the_sample_something_fails(deployed: Deployed) -> None:
    """One of each kind, in the example that everybody copies."""
    if deployed.kept.environment.name != FILES[0]:
        pytest.skip("the sample is of the first example; the full table has the others")
    sample = [one for one in statements.statements(deployed) if one.name in STATEMENTS]
    assert len(sample) == len(STATEMENTS)
    trials = [_try_statement(deployed, one) for one in sample]
    assert [trial.removed.name for trial in trials if not trial.noticed_by] == []


@pytest.mark.endurance
def test_every_statement_is_used_or_explained(deployed: Deployed, golden: Golden) -> None:
    """The page of an example says what noticed; what no short observation depends on is explained there."""
    granted = list(statements.statements(deployed))
    trials = [_try_statement(deployed, one) for one in granted]
    untried = {one.sid for one, trial in zip(granted, trials, strict=True) if not trial.noticed_by}
    assert untried <= set(statements.UNTRIED)
    file = deployed.kept.environment.relative_to(ROOT)
    text = PERMISSIONS.format(name=deployed.env.name, file=file) + table(statements.HEADING, trials)
    why = "".join(f"- `{sid}`: {statements.UNTRIED[sid]}.\n" for sid in sorted(untried))
    page = f"{text}\nNo short observation depends on:\n\n{why}"
    golden(ROOT / "docs" / "enforcement" / f"{deployed.env.name}-permissions.md", page)


@pytest.mark.endurance
def test_without_any_rule_something_fails(deployed: Deployed, golden: Golden) -> None:
    """The page of an example says what noticed; what no rehearsal uses is explained there."""
    trials = [_try(deployed, rule) for rule in security_groups.rules(deployed)]
    assert [trial.removed.name for trial in trials if not trial.noticed_by] == []
    file = deployed.kept.environment.relative_to(ROOT)
    golden(ROOT / "docs" / "enforcement" / f"{deployed.env.name}.md", _page(file, deployed.env.name, trials))


def _try_statement(deployed: Deployed, granted: statements.Granted) -> Trial:
    removable = statements.removable(deployed, granted)
    observations = statements.observations(deployed, granted)
    return try_without(removable, observations, needs=statements.is_used(deployed, granted))


def _page(file: Path, name: str, trials: list[Trial]) -> str:
    text = INTRODUCTION.format(name=name, file=file) + table(security_groups.HEADING, trials)
    unused = [trial.removed.name for trial in trials if not trial.needs]
    if not unused:
        return text
    why = [f"- `{rule}`: {_why(rule)}.\n" for rule in unused]
    return f"{text}\nA rehearsal itself does not use:\n\n{''.join(why)}"


def _why(rule: str) -> str:
    stem = rule.removesuffix("Egress").removesuffix("Ingress")
    return next(words for end, words in EXPLANATIONS.items() if stem.endswith(end))
