"""The step that builds the images of releases between the deployed one and the new one."""

from dataclasses import dataclass, replace
from typing import ClassVar

from deployer.steps.step import Context, Facts, Need
from spec.releases.table import Release


@dataclass(frozen=True, kw_only=True)
class BuildReleaseImages:
    """Build and push an image of each release unless the repository holds it; none has the user's code or packages."""

    name: ClassVar[str] = "image"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str
    releases: tuple[Release, ...]

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with the digests by release."""
        if context.images is None:
            raise ValueError("A plan that builds an image needs a source of images.")
        repository = facts.outputs.repository_uri
        digests = {
            release.version: context.images.provide_release(repository, release).digest for release in self.releases
        }
        return replace(facts, release_images=digests)
