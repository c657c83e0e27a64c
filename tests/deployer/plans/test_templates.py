"""Whether bootstrap stack and templates are to be written is decided without AWS."""

from dataclasses import replace

from deployer.plans.templates import bootstrap_step, pin_step, same_text, templates_step
from deployer.steps.step import Need
from tests.deployer.fakes.environment import BASE_IMAGE, PINNED_BASE, environment, template_set
from tests.deployer.fakes.observed import absent, deployed, with_stack


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


def test_a_new_environment_asks_for_every_image() -> None:
    """By the tags that its templates name."""
    step = pin_step(template_set(), absent(), refresh=False)
    assert (dict(step.tags), dict(step.known)) == ({"BaseImage": BASE_IMAGE}, {})


def test_what_stands_keeps_its_digest() -> None:
    """A registry that moves a tag changes nothing by itself."""
    step = pin_step(template_set(), deployed(), refresh=False)
    assert (dict(step.tags), dict(step.known)) == ({}, {"BaseImage": PINNED_BASE})


def test_another_tag_is_resolved() -> None:
    """Such as that of another Airflow release."""
    older = deployed().root_template.replace("2.5.3", "2.4.0")
    step = pin_step(template_set(), replace(deployed(), root_template=older), refresh=False)
    assert dict(step.tags) == {"BaseImage": BASE_IMAGE}


def test_on_request_every_image_is_taken_anew() -> None:
    """`deploy --refresh-images` says so."""
    assert dict(pin_step(template_set(), deployed(), refresh=True).tags) == {"BaseImage": BASE_IMAGE}


def test_an_environment_that_never_had_a_digest_keeps_its_tag() -> None:
    """A newer Windsock restarts no database."""
    seen = deployed()
    assert seen.stack
    parameters = {key: value for key, value in seen.stack.parameters.items() if key != "BaseImage"}
    older = replace(with_stack(seen, parameters=parameters), root_template="Resources: {}\n")
    assert dict(pin_step(template_set(), older, refresh=False).known) == {"BaseImage": BASE_IMAGE}
