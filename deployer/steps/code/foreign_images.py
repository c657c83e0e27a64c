"""The step that resolves tags of images in other registries to digests."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from deployer.steps.step import Context, Facts, Need


@dataclass(frozen=True, kw_only=True)
class PinForeignImages:
    """Ask the registries which digests `tags` have; `known` are images that stay as they are. Both by parameter."""

    name: ClassVar[str] = "pins"
    reason: str
    tags: Mapping[str, str]
    known: Mapping[str, str]

    @property
    def need(self) -> Need:
        """Whether there is a tag to resolve."""
        return Need.YES if self.tags else Need.NO

    def execute(self, context: Context, facts: Facts) -> Facts:
        """Return the facts with every image. Raises `RegistryRefusal`."""
        if context.images is None:
            raise ValueError("A plan that resolves images needs a source of images.")
        resolved: dict[str, str] = {}
        if self.tags:
            context.progress.phase(self.name, "digests of the images of others")
        for parameter, tag in self.tags.items():
            resolved[parameter] = context.images.pin(tag)
            context.progress.note(f"{tag} is {resolved[parameter]}.")
        return replace(facts, foreign_images={**self.known, **resolved})
