"""Tags are resolved to digests, and what stands stays as it is."""

from dataclasses import replace

import pytest

from deployer.steps.code.foreign_images import PinForeignImages
from deployer.steps.step import Need
from tests.deployer.fakes.environment import BASE_IMAGE, PINNED_BASE
from tests.deployer.fakes.running import Running

STEP = PinForeignImages(reason="by tag alone", tags={"BaseImage": BASE_IMAGE}, known={"SyncImage": "cli@sha256:0"})


def test_tags_become_digests_and_the_others_stay() -> None:
    """Both are facts, and each digest is told."""
    running = Running()
    facts = STEP.execute(running.context, running.facts())
    assert facts.foreign_images == {"BaseImage": PINNED_BASE, "SyncImage": "cli@sha256:0"}
    assert any(PINNED_BASE in said for said in running.progress.notes)


def test_without_a_tag_nobody_is_asked() -> None:
    """A deploy of what is deployed reaches no registry."""
    running = Running()
    step = replace(STEP, tags={})
    assert (step.need, STEP.need) == (Need.NO, Need.YES)
    assert step.execute(running.context, running.facts()).foreign_images == {"SyncImage": "cli@sha256:0"}
    assert running.images.pinned == []


def test_a_plan_with_tags_needs_a_source_of_images() -> None:
    """A push has none, and no such step."""
    running = Running()
    with pytest.raises(ValueError, match="source of images"):
        STEP.execute(replace(running.context, images=None), running.facts())
