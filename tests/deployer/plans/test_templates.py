"""Whether bootstrap stack and templates are to be written is decided without AWS."""

from dataclasses import replace

from deployer.plans.templates import bootstrap_step, same_text, templates_step
from deployer.steps.step import Need
from tests.deployer.fakes.environment import environment, template_set
from tests.deployer.fakes.observed import absent, deployed


def test_what_is_there_is_left_alone() -> None:
    """By its text, its tags and its status; templates by their names, which have the hash of their content."""
    assert templates_step(environment(), template_set(), deployed()).need is Need.NO


def test_what_is_missing_is_written() -> None:
    """In a new account, all of it."""
    assert bootstrap_step(environment(), template_set(), absent()).need is Need.YES
    step = templates_step(environment(), template_set(), absent())
    assert step.need is Need.YES
    assert len(step.missing) == 3


def test_a_bootstrap_stack_that_differs_is_updated() -> None:
    """Its template is another by now."""
    seen = deployed()
    older = replace(seen, bootstrap=replace(seen.bootstrap, template="Resources: {}"))
    assert bootstrap_step(environment(), template_set(), older).need is Need.YES


def test_space_around_a_template_is_no_difference() -> None:
    """CloudFormation drops it."""
    assert same_text("a: 1\n", "a: 1")
    assert not same_text("a: 1", "a: 2")
