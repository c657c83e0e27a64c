"""Every statement of an environment's roles, and the observations that can depend on it."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import Any

from compiler.contract import COMMAND, DATABASE, FETCH_RELEASE, SYNC, WORKER
from compiler.environment_parts import process_role
from compiler.model import stack_values as values
from rehearsal.emulator.iam import usage
from tests.life.enforcement.clock import stops_in_the_evening
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.removal import Observation, Removable, Trial

HEADING = ("actions", "used for")
AT_START = frozenset(
    {
        *("LogInToRegistry", "PullImages", "ReadSecrets", "UseKeyOfSecrets"),
        *("WriteLogs", "MountToRead", "MountToWrite"),
    }
)
"""Statements without which no task of the role starts."""
OF_RELEASES = frozenset({"ReadReleases", "UseKeyOfBuckets"})
"""Statements without which no container gets a release."""
OF_RUN_TASK = frozenset({"RunWorkers", "TagWorkers", "HandRolesToWorkers"})
"""Statements without which the scheduler starts no worker."""
OF_TASK_LOGS = frozenset({"WriteTaskLogs", "FindTaskLogs"})
OF_EVENING = frozenset({"ScaleServices", "StartAndStopDatabase"})
OF_END = frozenset({"DeleteThisStack", "HandRoleToCloudFormation"})
"""Statements without which nothing ends by itself: they are tried last."""
NOTHING = "nothing"
DELETION_ROLE = "DeletionRole"
PARTS: Mapping[str, str] = MappingProxyType(
    {
        "ExecutionRole": COMMAND,
        "SyncRole": SYNC,
        "DatabaseRole": DATABASE,
        "WorkerRole": WORKER,
        "WorkerExecutionRole": WORKER,
    }
)
"""A part that runs with a role, where no process of Airflow does."""


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A statement of a role's inline policy; `identity` is the role's name."""

    role: str
    """The logical id."""
    identity: str
    policy: str
    sid: str
    actions: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the table."""
        return f"{self.role}/{self.sid}"


def statements(deployed: Deployed) -> Iterator[Granted]:
    """Yield every statement of every role of an environment's stacks, and of the role that deletes it at its end."""
    iam = deployed.kept.client("iam")
    for logical_id, identity in deployed.roles:
        if logical_id == DELETION_ROLE and not deployed.env.ttl:
            continue
        for policy in iam.list_role_policies(RoleName=identity)["PolicyNames"]:
            for one in _document(deployed, identity, policy)["Statement"]:
                actions = [one["Action"]] if isinstance(one["Action"], str) else one["Action"]
                yield Granted(role=logical_id, identity=identity, policy=policy, sid=one["Sid"], actions=tuple(actions))


def removable(deployed: Deployed, granted: Granted) -> Removable:
    """Return how the IAM API takes a statement away and puts it back."""
    whole = _document(deployed, granted.identity, granted.policy)
    without = {**whole, "Statement": [one for one in whole["Statement"] if one["Sid"] != granted.sid]}
    put = partial(deployed.kept.client("iam").put_role_policy, RoleName=granted.identity, PolicyName=granted.policy)
    drop = partial(deployed.kept.client("iam").delete_role_policy, RoleName=granted.identity, PolicyName=granted.policy)
    return Removable(
        name=granted.name,
        details=(", ".join(granted.actions), used_for(deployed, granted)),
        remove=partial(put, PolicyDocument=json.dumps(without)) if without["Statement"] else drop,
        restore=partial(put, PolicyDocument=json.dumps(whole)),
    )


def observations(deployed: Deployed, granted: Granted) -> tuple[Observation, ...]:
    """Return what can depend on a statement: what acts only at the start of a task is tried with a new one."""
    part = _part(deployed, granted.role)
    of_part = tuple(_of_part(deployed, granted.sid, part)) if part else ()
    return of_part or tuple(_of_the_whole(deployed, granted))


def is_for_the_end(granted: Granted) -> bool:
    """Whether a statement is for the end that a `ttl` sets."""
    return granted.sid in OF_END or granted.role == DELETION_ROLE


def in_order(granted: Sequence[Granted]) -> list[Granted]:
    """Return what can be tried while an environment runs: an evening comes last, since it stops the services."""
    return sorted((one for one in granted if not is_for_the_end(one)), key=lambda one: one.sid in OF_EVENING)


def after_the_end(deployed: Deployed, granted: Granted, removed: Removable, noticed_by: tuple[str, ...]) -> Trial:
    """Return the result for a statement of the end, with what it has allowed by now."""
    uses = used_for(deployed, granted)
    return Trial(
        removed=replace(removed, details=(", ".join(granted.actions), uses)),
        noticed_by=noticed_by,
        needs=uses != NOTHING,
    )


def is_used(deployed: Deployed, granted: Granted) -> bool:
    """Whether a call of the rehearsal itself was allowed by a statement."""
    return any(_is_of(granted, use) for use in deployed.used)


def used_for(deployed: Deployed, granted: Granted) -> str:
    """Return the actions that a statement has allowed so far."""
    uses = usage.read(deployed.emulator.directory)
    return ", ".join(sorted(use.action for use in uses if _is_of(granted, use))) or NOTHING


def _of_part(deployed: Deployed, sid: str, part: str) -> Iterator[Observation]:
    """Yield what a new task of a part shows."""
    noun = values.noun(part)
    if sid in AT_START:
        yield Observation(f"a new task ({noun})", partial(deployed.starts, part))
    elif part == SYNC and sid in OF_RELEASES:
        yield Observation("the sync of code", deployed.syncs)
    elif sid == "OpenShell":
        yield Observation(f"the agent of ECS Exec ({noun})", partial(deployed.has_agent, part))
    elif sid in OF_RELEASES:
        fetch = partial(deployed.runs, part, "bash", "-c", FETCH_RELEASE)
        yield Observation(f"the release in a new task ({noun})", fetch)
    elif sid == "ReportRelease":
        yield Observation(f"a report on the release ({noun})", partial(deployed.reports_release, part))
    elif sid == "ReadConnectionsAndVariables":
        find = partial(deployed.finds_variable, part)
        yield Observation(f"a variable of the secrets backend ({noun})", find)


def _of_the_whole(deployed: Deployed, granted: Granted) -> Iterator[Observation]:
    """Yield what needs more than one task."""
    if granted.sid in OF_RUN_TASK:
        yield Observation("a triggered DAG starts a worker", deployed.workers.start)
    elif granted.sid == "FollowWorkers":
        yield Observation("Airflow notices a worker that was stopped", deployed.workers.are_followed)
    elif granted.sid in OF_TASK_LOGS and granted.role == _role_of_tasks(deployed):
        yield Observation("the log of a new task of Airflow", deployed.workers.leave_a_log)
    elif granted.sid == "ReadTaskLogs":
        yield Observation("a log in the web interface", deployed.workers.show_an_old_log)
    elif granted.sid in OF_EVENING:
        yield Observation("the evening", partial(stops_in_the_evening, deployed))


def _role_of_tasks(deployed: Deployed) -> str:
    """Return the role with which tasks of Airflow run."""
    return "WorkerRole" if deployed.env.executor.has_workers else "TaskRole"


def _is_of(granted: Granted, use: usage.Use) -> bool:
    return use.who.endswith(f"/{granted.identity}") and use.statement == granted.sid


def _part(deployed: Deployed, role: str) -> str | None:
    """Return a part that runs with a role."""
    processes = (one.name for one in deployed.env.processes if process_role(deployed.env, one).title == role)
    return PARTS.get(role) or next(processes, None)


def _document(deployed: Deployed, identity: str, policy: str) -> dict[str, Any]:
    found = deployed.kept.client("iam").get_role_policy(RoleName=identity, PolicyName=policy)
    document: dict[str, Any] = found["PolicyDocument"]
    return document
