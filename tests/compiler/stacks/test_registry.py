"""Promises of the image repository: an image is what it was when it was pushed, and goes when it should."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rehearsal.emulator.rules.image_expiry import StoredImage, expired

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

REPOSITORY = "AWS::ECR::Repository"


def test_images_are_scanned_and_never_overwritten(case: Case) -> None:
    """A tag means one image for good, and each image is scanned as it arrives."""
    repository = case.only(REPOSITORY)
    assert repository["ImageTagMutability"] == "IMMUTABLE"
    assert repository["ImageScanningConfiguration"] == {"ScanOnPush": True}


def test_twenty_images_stay_and_the_deployed_one_besides(case: Case) -> None:
    """However long ago it was pushed: after a way back the deployed image is not among the newest."""
    text = case.only(REPOSITORY)["LifecyclePolicy"]["LifecyclePolicyText"]["Fn::Sub"]
    images = [StoredImage(f"sha256:{number}", (f"{number:032x}",)) for number in range(40)]
    doomed = expired(text.replace("${ImageTag}", f"{3:032x}"), images)
    assert doomed == {f"sha256:{number}" for number in range(20)} - {"sha256:3"}
    assert "sha256:3" in expired(text.replace("${ImageTag}", "none"), images)


def test_an_unprotected_repository_is_deleted_with_its_images(smallest: Case, largest: Case) -> None:
    """A teardown does not fail on images, unless they are to be kept."""
    assert smallest.only(REPOSITORY)["EmptyOnDelete"]
    assert "EmptyOnDelete" not in largest.only(REPOSITORY)
