"""The image comes from its source, and its digest is a fact."""

from dataclasses import replace

import pytest

from deployer.steps.code.image import BuildImage
from tests.deployer.fakes.running import Running

STEP = BuildImage(reason="the repository may hold it already")


def test_the_digest_is_a_fact() -> None:
    """The repository is that of the environment."""
    running = Running()
    facts = STEP.execute(running.context, running.facts())
    assert facts.image == running.images.value
    assert running.images.requested == ["123456789012.dkr.ecr.us-west-2.amazonaws.com/repository"]


def test_a_plan_with_an_image_needs_a_source_of_images() -> None:
    """A push has none, and no such step."""
    running = Running()
    context = replace(running.context, images=None)
    with pytest.raises(ValueError, match="source of images"):
        STEP.execute(context, running.facts())
