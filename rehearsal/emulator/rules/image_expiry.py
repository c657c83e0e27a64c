"""Which images the lifecycle policy of a repository expires.

Source: docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html, "Lifecycle policy evaluation rules".
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

COUNT = "imageCountMoreThan"


@dataclass(frozen=True)
class StoredImage:
    """An image of a repository; of two the one that was pushed later comes later."""

    digest: str
    tags: tuple[str, ...]


def expired(policy: str, images: Sequence[StoredImage]) -> frozenset[str]:
    """Return the digests of the images that a policy expires; `images` are in the order of their pushes.

    An image that an earlier rule selects is out of reach for later ones, but counts there.
    Raises `ValueError` for a rule that counts days, which the emulator does not have.
    """
    doomed: set[str] = set()
    reached: set[str] = set()
    for rule in sorted(json.loads(policy)["rules"], key=lambda rule: int(rule["rulePriority"])):
        selection = rule["selection"]
        if selection["countType"] != COUNT:
            raise ValueError(f"The emulator expires images by {COUNT} only, not by {selection['countType']}.")
        selected = tuple(_selected(selection, images))
        excess = selected[: max(len(selected) - int(selection["countNumber"]), 0)]
        doomed |= {*excess} - reached
        reached |= {*selected}
    return frozenset(doomed)


def _selected(selection: Mapping[str, Any], images: Iterable[StoredImage]) -> Iterator[str]:
    for image in images:
        prefixes = selection.get("tagPrefixList", ())
        tagged = not prefixes or any(tag.startswith(prefix) for prefix in prefixes for tag in image.tags)
        if {"any": True, "tagged": bool(image.tags) and tagged, "untagged": not image.tags}[selection["tagStatus"]]:
            yield image.digest
