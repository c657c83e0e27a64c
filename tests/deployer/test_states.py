"""Every status of a stack has a way out by every verb, protected or not, with state or without: each was walked.

docs/states.md is written from these walks.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from deployer.aws.stacks import Stack
from deployer.deploy import deploy
from deployer.push import push
from deployer.stacks.statuses import STATES
from deployer.status import status
from deployer.teardown import teardown
from spec.errors import Refusal
from tests.conftest import Golden
from tests.deployer.fakes.environment import Images, World, environment, template_set, write_home
from tests.deployer.fakes.session import Recorder

PAGE = Path(__file__).parents[2] / "docs" / "states.md"
MOST_STEPS = 8
"""How many commands a way out may take."""

NEVER_CAME_UP = ("REVIEW_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_FAILED", "ROLLBACK_")
"""Statuses of a stack whose first creation did not end well: their environment has no outputs and was never used."""

ENDS = {
    "CREATE_IN_PROGRESS": "ROLLBACK_COMPLETE",
    "ROLLBACK_IN_PROGRESS": "ROLLBACK_COMPLETE",
    "DELETE_IN_PROGRESS": "DELETE_COMPLETE",
    "UPDATE_IN_PROGRESS": "UPDATE_COMPLETE",
    "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_COMPLETE",
    "UPDATE_ROLLBACK_IN_PROGRESS": "UPDATE_ROLLBACK_COMPLETE",
    "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS": "UPDATE_ROLLBACK_COMPLETE",
    "IMPORT_IN_PROGRESS": "IMPORT_COMPLETE",
    "IMPORT_ROLLBACK_IN_PROGRESS": "IMPORT_ROLLBACK_COMPLETE",
}
BY_AWS: dict[str, tuple[str, str]] = {
    "aws cloudformation rollback-stack": ("UPDATE_FAILED", "UPDATE_ROLLBACK_COMPLETE"),
    "CloudFormation console": ("IMPORT_ROLLBACK_FAILED", "IMPORT_ROLLBACK_COMPLETE"),
}
"""What a user does outside of Windsock, by words of the refusal: from which status to which."""


BARE = replace(template_set(), files={**template_set().files, "root.yaml": "Resources: {} # without protection\n"})


@dataclass(frozen=True)
class Case:
    """One row of the table."""

    status: str
    protected: bool
    stateful: bool

    @property
    def came_up(self) -> bool:
        """Whether the environment ever was there to be used."""
        return not self.status.startswith(NEVER_CAME_UP)


CASES = [
    Case(status, protected, stateful)
    for status in STATES
    if status != "DELETE_COMPLETE"
    for protected in (False, True)
    for stateful in (True, False)
    if stateful or not Case(status, protected, stateful).came_up
]
"""An environment that came up holds state in any case."""


class Walk:
    """One environment in memory, in the state of a case."""

    def __init__(self, case: Case, home: Path) -> None:
        self.case, self.home = case, home
        self.world = World(protect=case.protected)
        self.env = environment(**({"name": "protect: true\nname"} if case.protected else {}))
        self._place()

    def _place(self) -> None:
        self._deploy()
        fake, case = self.world.session.cloudformation, self.case
        if case.protected:
            self.world.session.rds.protected = {"db-1"}
            fake.protects = self._is_protected
        stack = fake.stacks["demo"]
        if not case.came_up:
            stack = replace(stack, outputs={})
            self.world.session.parameters.values["marker"] = "{}"
            for service in self.world.session.ecs.running.values():
                self.world.session.ecs.running[service.name] = replace(service, desired=0, running=0)
            kept = fake.members["demo-services"]
            fake.members["demo-services"] = tuple(
                replace(one, status="CREATE_COMPLETE") if one.type == "AWS::RDS::DBInstance" else one for one in kept
            )
        if not case.stateful:
            fake.members = dict.fromkeys(fake.members, ())
        self._become(case.status, stack)
        if case.status in ENDS:
            fake.on_tick = [*[lambda: None] * 8, lambda: self._become(ENDS[case.status], stack)]

    def _is_protected(self, instance: str) -> bool:
        lifted = self.world.session.cloudformation.templates["demo"] == BARE.files["root.yaml"]
        return self.world.session.rds.is_protected(instance) and not lifted

    def _become(self, status_: str, stack: Stack) -> None:
        fake = self.world.session.cloudformation
        if status_ in {"DELETE_COMPLETE", "ROLLBACK_COMPLETE"} and fake._is_protected("demo"):
            status_ = status_.replace("COMPLETE", "FAILED")
        fake.stacks["demo"] = replace(stack, status=status_)
        fake.tell("demo", status_)

    def _deploy(self) -> None:
        session = self.world.session.as_session
        definitions = dict(self.world.session.ecs.definitions)
        self.world.session.ecs.definitions.setdefault("command:1", _COMMAND)
        deploy(self.env, template_set(), session, images=Images(), progress=Recorder(), airflow_home=self.home)
        self.world.session.ecs.definitions |= definitions

    def _push(self) -> None:
        push(self.env, self.world.session.as_session, progress=Recorder(), airflow_home=self.home)

    def _status(self) -> None:
        status(self.env, self.world.session.as_session)

    def _teardown(self, unprotect: str | None = None) -> None:
        session = self.world.session.as_session
        unprotected = BARE if unprotect else None
        teardown(self.env, session, progress=Recorder(), unprotect=unprotect, unprotected=unprotected)

    def _wait(self) -> None:
        while self.world.session.cloudformation.on_tick:
            self.world.session.cloudformation.stack("demo")

    def _repair(self, before: str, after: str) -> None:
        fake = self.world.session.cloudformation
        assert fake.stacks["demo"].status == before
        self._become(after, fake.stacks["demo"])

    def steps(self, verb: str) -> Iterator[str]:
        """Run the verb, follow what each refusal says next, and yield every command on the way until it is done."""
        todo = [verb]
        for _ in range(MOST_STEPS):
            command = todo.pop()
            yield command
            try:
                self._command(command)()
            except Refusal as refusal:
                todo += [command, self._next(str(refusal))]
            else:
                todo = [later for later in todo if later != command.partition(" --")[0]]
            if not todo:
                return
        raise AssertionError(f"{self.case} by {verb}: no way out within {MOST_STEPS} commands")

    def _command(self, command: str) -> Callable[[], None]:
        if command in BY_AWS:
            return lambda: self._repair(*BY_AWS[command])
        if command == "wait":
            return self._wait
        if command == "teardown --unprotect":
            return lambda: self._teardown("demo")
        return {"deploy": self._deploy, "push": self._push, "status": self._status, "teardown": self._teardown}[command]

    def _next(self, refusal: str) -> str:
        for words in BY_AWS:
            if words in refusal:
                return words
        if "--unprotect demo" in refusal:
            return "teardown --unprotect"
        found = re.search(r"`windsock (deploy|teardown|status)`", refusal)
        assert found, f"{self.case}: the refusal names no way out: {refusal}"
        return "wait" if found[1] == "status" else found[1]


_COMMAND = {
    "family": "command",
    "taskDefinitionArn": "command:1",
    "containerDefinitions": [{"name": "airflow", "image": "placeholder"}],
}


VERBS = ("deploy", "push", "status", "teardown")
HEAD = """\
# States and ways out

What each verb does about every status that the stack of an environment can have. Each cell was walked by the tests, on
an AWS in memory: its commands, one after the other, end well. A cell with one command needs no other. Where a command
is refused, its refusal names the next one.

Protected means `protect: true`. An environment that never came up may still hold state, such as a database that AWS
could not delete. `wait` is the end of what CloudFormation does, which `windsock status` tells; what names AWS or the
console is what the refusal tells you to do there.

| status | protected | holds state | deploy | push | status | teardown |
|---|---|---|---|---|---|---|
"""


def test_every_state_has_a_way_out_and_a_row_on_the_page(tmp_path: Path, golden: Golden) -> None:
    """Whoever does what each refusal says comes to the end."""
    home = write_home(tmp_path)
    ways = {case: tuple(" → ".join(Walk(case, home).steps(verb)) for verb in VERBS) for case in CASES}
    golden(PAGE, HEAD + "".join(_rows(ways)))


def _rows(ways: dict[Case, tuple[str, ...]]) -> Iterator[str]:
    """Yield a row for each status; several where protection or state make a difference."""
    for name in dict.fromkeys(case.status for case in ways):
        cases = [case for case in ways if case.status == name]
        if len({ways[case] for case in cases}) == 1:
            yield _row(name, "", "", ways[cases[0]])
            continue
        for case in cases:
            yield _row(name, _word(yes=case.protected), _word(yes=case.stateful), ways[case])


def _row(*cells: str | tuple[str, ...]) -> str:
    flat = [part for cell in cells for part in ([cell] if isinstance(cell, str) else cell)]
    return f"| `{flat[0]}` | {' | '.join(flat[1:])} |\n"


def _word(*, yes: bool) -> str:
    return "yes" if yes else "no"
