"""Promises of the image repository: an image is what it was when it was pushed, and goes when it should."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

REPOSITORY = "AWS::ECR::Repository"


def test_images_are_scanned_and_never_overwritten(case: Case) -> None:
    """A tag means one image for good, and each image is scanned as it arrives."""
    repository = case.only(REPOSITORY)
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}


def test_twenty_images_stay(smallest: Case) -> None:
    """The newest twenty stay, so what runs and what one may return to is always there."""
    (rule,) = json.loads(smallest.only(REPOSITORY)["LifecyclePolicy"]["LifecyclePolicyText"])["rules"]
    assert rule["selection"] == {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 20}
    assert rule["action"] == {"type": "expire"}


def test_an_unprotected_repository_is_deleted_with_its_images(smallest: Case, largest: Case) -> None:
    """A teardown does not fail on images, unless they are to be kept."""
    assert smallest.only(REPOSITORY)["EmptyOnDelete"]
    assert "EmptyOnDelete" not in largest.only(REPOSITORY)
