"""Images of releases on the way are there before anything stops."""

from deployer.steps.upgrade.release_images import BuildReleaseImages
from spec.releases.table import RELEASES
from tests.deployer.fakes.running import Running


def test_every_release_has_an_image_in_the_repository_of_the_environment() -> None:
    """Later steps know it by its release."""
    running = Running()
    step = BuildReleaseImages(reason="on the way", releases=(RELEASES["2.11.2"],))
    facts = step.execute(running.context, running.facts())
    assert facts.release_images == {"2.11.2": "sha256:2.11.2"}
    assert running.images.requested == ["123456789012.dkr.ecr.us-west-2.amazonaws.com/repository:2.11.2"]
