"""The bootstrap stack is made when there is none, and left alone when the plan says so."""

from deployer.steps.stacks.bootstrap import EnsureBootstrap
from deployer.steps.step import Need
from tests.deployer.fakes.environment import template_set
from tests.deployer.fakes.running import Running


def test_a_missing_bootstrap_stack_is_made() -> None:
    """Its outputs are facts for the steps after it."""
    running = Running()
    del running.world.session.cloudformation.stacks["windsock-toolkit"]
    step = EnsureBootstrap(need=Need.YES, reason="there is none yet", templates=template_set())
    facts = step.execute(running.context, running.facts(bootstrap={}))
    assert facts.bootstrap["TemplatesBucket"] == "templates"
    assert running.progress.phases == ["toolkit"]


def test_a_bootstrap_stack_as_it_should_be_costs_no_call() -> None:
    """The phase shows all the same."""
    running = Running()
    step = EnsureBootstrap(need=Need.NO, reason="it is as it should be", templates=template_set())
    facts = running.facts()
    running.world.session.cloudformation.stacks.clear()
    assert step.execute(running.context, facts) == facts
    assert running.progress.phases == ["toolkit"]
