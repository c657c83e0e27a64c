"""Plants faults in an environment that runs in memory, in the words of AWS and of the processes."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from deployer.aws.ecs import Container
from deployer.aws.stacks import Resource
from tests.deployer.fakes.ecs import task
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.site import HEALTHY

GROUP, ERROR_LEVEL = "/windsock/demo", "error"
TRACE = 'Traceback (most recent call last):\n  File "{file}", line {line}, in <module>\n    {code}\n{error}'
NOT_STARTED = "TaskFailedToStart"
EXITED = "Essential container in task exited"

Plant = Callable[[Running], None]


@dataclass(frozen=True, kw_only=True)
class Fault:
    """A fault: the name of its cause, how it was planted, and what does it; `place` is what it names to change.

    `more` is more YAML of the environment, `airflow` more of that section. `page` is what Airflow says of itself, and
    `resolves` whether the name of the site has an address. `closely` is for what only a look for drift finds.
    """

    name: str
    planted: str
    plant: Plant
    place: str = ""
    more: str = ""
    airflow: str = ""
    page: object = field(default_factory=lambda: HEALTHY)
    resolves: bool = True
    closely: bool = False


def stopped(process: str, reason: str, *, code: int | None = None, why: str = "", says: str = "") -> Plant:
    """Return what lets the newest task of a service stop: `why` of its container, and what that `says` at its end."""

    def plant(running: Running) -> None:
        title = process.title()
        ecs = running.world.session.ecs
        ecs.running[title] = replace(ecs.running[title], running=0, rollout="IN_PROGRESS")
        for arn in [arn for arn, owner in ecs.services_of.items() if owner == title]:
            del ecs.known[arn]
        container = Container(name="airflow", status="STOPPED", exit_code=code, reason=why, health="UNKNOWN")
        arn = f"arn:aws:ecs:us-west-2:1:task/cluster/failed-{process}"
        definition = f"arn:aws:ecs:us-west-2:1:task-definition/{process}:1"
        end = task(arn, definition, container, group=f"service:{title}")
        code_of_end = NOT_STARTED if code is None else end.stop_code
        ecs.known[arn] = replace(end, stopped_reason=reason, stop_code=code_of_end, created=2.0)
        ecs.services_of[arn] = title
        _write(running, process, arn, definition, says)

    return plant


def prints(process: str, message: str, trace: str = "") -> Plant:
    """Return what lets the running task of a service print an error."""

    def plant(running: Running) -> None:
        ecs = running.world.session.ecs
        (arn,) = (arn for arn, owner in ecs.services_of.items() if owner == process.title())
        definition = f"arn:aws:ecs:us-west-2:1:task-definition/{process}:1"
        ecs.known[arn] = replace(ecs.known[arn], definition=definition)
        line = {"level": ERROR_LEVEL, "message": message, **({"exception": trace} if trace else {})}
        _write(running, process, arn, definition, json.dumps(line))

    return plant


def exits(process: str, message: str, trace: str = "") -> Plant:
    """Return what lets a service's task print an error and end."""
    line = {"level": ERROR_LEVEL, "message": message, **({"exception": trace} if trace else {})}
    return stopped(process, EXITED, code=1, says=json.dumps(line))


def unplaced(process: str, event: str) -> Plant:
    """Return what lets ECS place no task of a service, and say why."""

    def plant(running: Running) -> None:
        title = process.title()
        ecs = running.world.session.ecs
        steady = f"(service {title}) has reached a steady state."
        ecs.running[title] = replace(ecs.running[title], running=0, events=(event, steady))

    return plant


def failed(path: str, type_: str, reason: str, status: str = "UPDATE_ROLLBACK_COMPLETE") -> Plant:
    """Return what lets the last operation fail at one resource of a nested stack."""

    def plant(running: Running) -> None:
        fake = running.world.session.cloudformation
        stack, logical = path.split("/")
        nested = next(one for one in fake.members["demo"] if one.logical_id == stack)
        inner = nested.physical_id.split("/")[1]
        fake.tell("demo", "UPDATE_IN_PROGRESS")
        fake.tell(inner, "UPDATE_IN_PROGRESS")
        fake.tell(inner, "UPDATE_FAILED", Resource(logical_id=logical, physical_id="x", type=type_, status=""), reason)
        fake.tell("demo", "UPDATE_FAILED", nested, f"Embedded stack {nested.physical_id} was not successfully updated")
        fake.tell("demo", status)
        fake.stacks["demo"] = replace(fake.stacks["demo"], status=status)

    return plant


def both(*plants: Plant) -> Plant:
    """Return what plants several at once: a cause and what follows from it."""

    def plant(running: Running) -> None:
        for one in plants:
            one(running)

    return plant


def member(logical_id: str, physical_id: str, type_: str) -> Plant:
    """Return what gives the services' stack one more resource."""

    def plant(running: Running) -> None:
        members = running.world.session.cloudformation.members
        more = Resource(logical_id=logical_id, physical_id=physical_id, type=type_, status="CREATE_COMPLETE")
        members["demo-services"] = (*members["demo-services"], more)

    return plant


def _write(running: Running, process: str, arn: str, definition: str, text: str) -> None:
    session = running.world.session
    options = {"awslogs-group": GROUP, "awslogs-stream-prefix": process}
    session.ecs.definitions[definition] = {
        "family": process,
        "containerDefinitions": [{"name": "airflow", "logConfiguration": {"options": options}}],
    }
    session.logs.streams[GROUP, f"{process}/airflow/{arn.rpartition('/')[2]}"] = (text,) if text else ()
