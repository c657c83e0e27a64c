"""A new environment takes images by the digest of now; one that stands keeps what it has."""

from dataclasses import replace

from deployer.plans.foreign_images import pin_step
from tests.deployer.fakes.environment import BASE_IMAGE, PINNED_BASE, template_set
from tests.deployer.fakes.observed import absent, deployed, with_stack


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
