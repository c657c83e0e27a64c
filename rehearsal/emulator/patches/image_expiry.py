"""Lifecycle policies of repositories: MiniStack keeps them and expires no image; here each push applies them."""
# ruff: noqa: SLF001  what needs correcting is not public

from collections.abc import Callable
from typing import Any

from ministack.services import ecr

from rehearsal.emulator.patches.rebinding import rebind
from rehearsal.emulator.rules.image_expiry import StoredImage, expired

Answering = Callable[[dict[str, Any]], Any]


def apply() -> None:
    """Expire after each push what AWS expires within a day."""
    rebind(ecr, "_put_image", _expiring, takes="data")


def _expiring(put: Answering) -> Answering:
    def put_and_expire(request: dict[str, Any]) -> Any:
        answer = put(request)
        name = request.get("repositoryName", "")
        policy = ecr._lifecycle_policies.get(name)
        if policy:
            images = ecr._images[name]
            doomed = expired(policy, [StoredImage(one["imageDigest"], tuple(one["imageTags"])) for one in images])
            images[:] = [one for one in images if one["imageDigest"] not in doomed]
        return answer

    return put_and_expire
