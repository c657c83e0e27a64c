"""A plan is executed step by step, and each step knows what the ones before it learned."""

import json
from dataclasses import dataclass, replace

import pytest

from deployer.aws.errors import NO_ANSWER, AwsRefusal
from deployer.execute import execute
from deployer.plans.plan import Plan
from deployer.record.lease import given_back, new_lease
from deployer.steps.step import Context, Facts, Need
from spec.errors import Refusal
from tests.deployer.fakes.running import Running


@dataclass(frozen=True, kw_only=True)
class _Append:
    letter: str
    name: str = "append"
    need: Need = Need.YES
    reason: str = "a test"

    def execute(self, _context: Context, facts: Facts) -> Facts:
        if self.letter == "!":
            raise Refusal("No.")
        return replace(facts, image=facts.image + self.letter)


def test_facts_are_handed_from_step_to_step() -> None:
    """In the order of the plan."""
    running = Running()
    plan = Plan(name="demo", steps=(_Append(letter="a"), _Append(letter="b"), _Append(letter="c")))
    assert execute(plan, running.context, running.facts()).image == "abc"


def test_a_refusal_ends_the_plan() -> None:
    """What comes after is not executed; the next run plans anew."""
    running = Running()
    plan = Plan(name="demo", steps=(_Append(letter="!"), _Append(letter="b")))
    with pytest.raises(Refusal, match="No"):
        execute(plan, running.context, running.facts())


def test_notes_are_told_before_the_first_step() -> None:
    """Somebody who did not mean it can still stop."""
    running = Running()
    plan = Plan(name="demo", steps=(_Append(letter="!"),), notes=("Two roles are replaced.",))
    with pytest.raises(Refusal):
        execute(plan, running.context, running.facts())
    assert "Two roles are replaced." in running.progress.notes


@dataclass(frozen=True, kw_only=True)
class _CallsThroughAnOutage:
    name: str = "call"
    need: Need = Need.YES
    reason: str = "a test"

    def execute(self, context: Context, facts: Facts) -> Facts:
        clock, session = context.session.clock, context.session
        over = clock.now() + 30

        def call() -> str:
            if clock.now() < over:
                raise AwsRefusal("AWS cannot be reached from here.", code=NO_ANSWER)
            return "answer"

        return replace(facts, image=session.patience.call(call))


def test_an_outage_in_a_step_is_ridden_out_and_told() -> None:
    """The run goes on with the answer."""
    running = Running()
    plan = Plan(name="demo", steps=(_CallsThroughAnOutage(),))
    assert execute(plan, running.context, running.facts()).image == "answer"
    assert running.progress.notes[-1] == "AWS answers again, after 30 seconds."


@dataclass(frozen=True, kw_only=True)
class _Takes:
    seconds: float
    name: str = "services"
    need: Need = Need.YES
    reason: str = "a test"

    def execute(self, context: Context, facts: Facts) -> Facts:
        context.progress.phase(self.name, "rolling over")
        context.session.clock.sleep(self.seconds)
        return replace(facts, changed=self.seconds > 0)


def test_a_run_learns_from_those_before_it_how_long_it_takes() -> None:
    """One that changed nothing teaches nothing, and neither does a teardown, which leaves no file behind."""
    running, key = Running(), "demo/times.json"
    bucket = running.world.session.s3.buckets["templates"]
    for verb, seconds, notes in (("teardown", 90.0, False), ("deploy", 0.0, False), ("deploy", 90.0, True)):
        with given_back(new_lease(running.env, running.world.session.as_session, verb)) as lease:
            lease.take("templates", running.progress)
            context = replace(running.context, lease=lease)
            execute(Plan(name="demo", steps=(_Takes(seconds=seconds),)), context, running.facts())
        assert (key in bucket) is notes
    assert json.loads(bucket[key]) == {"deploy": {"services": [90.0]}}
