"""Every statement of an environment's roles, and the observations that can depend on it."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any

from compiler.contract import COMMAND, SYNC
from compiler.environment_parts import process_role
from compiler.model import stack_values as values
from rehearsal.emulator.iam import usage
from tests.life.enforcement.deployed import Deployed
from tests.life.enforcement.removal import Observation, Removable

HEADING = ("actions", "used for")
AT_START = frozenset({"LogInToRegistry", "PullImages", "ReadSecrets", "WriteLogs", "MountToRead", "MountToWrite"})
"""Statements without which no task of the role starts."""
OF_SYNC = frozenset({"ListCode", "ReadCode"})
"""Statements without which the sync task fails: it lists all code, and always reads one file."""
EXECUTION, SYNC_ROLE = "ExecutionRole", "SyncRole"

UNTRIED: Mapping[str, str] = MappingProxyType(
    {
        "DeleteThisStack": "tried by the rehearsal itself when it sets the clock past the end",
        "FindTaskLogs": "tried by the rehearsal itself when a DAG runs",
        "FollowWorkers": "tried by the rehearsal itself when a DAG runs",
        "HandRoleToCloudFormation": "tried by the rehearsal itself when it sets the clock past the end",
        "HandRolesToWorkers": "tried by the rehearsal itself when a DAG runs",
        "ListTaskLogs": "tried by the rehearsal itself when a log is read",
        "OpenShell": "an emulated shell enters the container from outside, without the agent of ECS Exec",
        "ReadTaskLogs": "tried by the rehearsal itself when a log is read",
        "RunWorkers": "tried by the rehearsal itself when a DAG runs",
        "ScaleServices": "tried by the rehearsal itself when it sets the clock to the evening",
        "StartAndStopDatabase": "tried by the rehearsal itself when it sets the clock to the evening",
        "TagWorkers": "tried by the rehearsal itself when a DAG runs",
        "WriteTaskLogs": "tried by the rehearsal itself when a DAG runs",
    }
)
"""Statements that no short observation depends on, and where a rehearsal uses them."""


@dataclass(frozen=True, kw_only=True)
class Granted:
    """A statement of a role's inline policy."""

    role: str
    """The logical id."""
    policy: str
    sid: str
    actions: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name in the table."""
        return f"{self.role}/{self.sid}"


def statements(deployed: Deployed) -> Iterator[Granted]:
    """Yield every statement of every role of an environment's stacks."""
    iam = deployed.kept.client("iam")
    for logical_id, identity in sorted(deployed.ids.items()):
        if not logical_id.endswith("Role"):
            continue
        for policy in iam.list_role_policies(RoleName=identity)["PolicyNames"]:
            for one in _document(deployed, identity, policy)["Statement"]:
                actions = [one["Action"]] if isinstance(one["Action"], str) else one["Action"]
                yield Granted(role=logical_id, policy=policy, sid=one["Sid"], actions=tuple(actions))


def removable(deployed: Deployed, granted: Granted) -> Removable:
    """Return how the IAM API takes a statement away and puts it back."""
    identity = deployed.ids[granted.role]
    whole = _document(deployed, identity, granted.policy)
    without = {**whole, "Statement": [one for one in whole["Statement"] if one["Sid"] != granted.sid]}
    put = partial(deployed.kept.client("iam").put_role_policy, RoleName=identity, PolicyName=granted.policy)
    used = sorted(use.action for use in _uses(deployed, granted))
    return Removable(
        name=granted.name,
        details=(", ".join(granted.actions), ", ".join(used) or "nothing"),
        remove=partial(put, PolicyDocument=json.dumps(without)),
        restore=partial(put, PolicyDocument=json.dumps(whole)),
    )


def observations(deployed: Deployed, granted: Granted) -> tuple[Observation, ...]:
    """Return what can depend on a statement: what acts only at the start of a task is tried with a new one."""
    part = _part(deployed, granted.role)
    if part and granted.sid in AT_START:
        return (Observation(f"a new task ({values.noun(part)})", partial(deployed.starts, part)),)
    if part and granted.sid in OF_SYNC:
        return (Observation("the sync of code", partial(deployed.runs, part)),)
    return ()


def is_used(deployed: Deployed, granted: Granted) -> bool:
    """Whether a call of the rehearsal was allowed by a statement."""
    return any(True for _ in _uses(deployed, granted))


def _uses(deployed: Deployed, granted: Granted) -> Iterator[usage.Use]:
    ending = f"/{deployed.ids[granted.role]}"
    for use in usage.read(deployed.emulator.directory):
        if use.who.endswith(ending) and use.statement == granted.sid:
            yield use


def _part(deployed: Deployed, role: str) -> str | None:
    """Return a part that runs with a role."""
    if role == EXECUTION:
        return COMMAND
    if role == SYNC_ROLE:
        return SYNC
    processes = (one.name for one in deployed.env.processes if process_role(deployed.env, one).title == role)
    return next(processes, None)


def _document(deployed: Deployed, identity: str, policy: str) -> dict[str, Any]:
    found = deployed.kept.client("iam").get_role_policy(RoleName=identity, PolicyName=policy)
    document: dict[str, Any] = found["PolicyDocument"]
    return document
