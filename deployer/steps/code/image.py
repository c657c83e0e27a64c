"""The step that builds the image and pushes it."""

from dataclasses import dataclass, replace
from typing import ClassVar

from compiler.contract import RootParameter
from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class BuildImage:
    """Build and push the image unless the repository holds it; `deployed` is the digest that runs now, if any does."""

    name: ClassVar[str] = "image"
    need: ClassVar[Need] = Need.UNKNOWN
    reason: str
    deployed: str = ""

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with digest and tag of the image."""
        if context.images is None:
            raise ValueError("A plan that builds an image needs a source of images.")
        repository = facts.outputs.repository_uri
        context.progress.phase(self.name, repository)
        image = context.images.provide(repository, facts.foreign_images[RootParameter.BASE_IMAGE])
        return replace(facts, image=image.digest, image_tag=image.tag)
