"""The promises of rehearsal/emulator/patches/image_expiry.py, in an emulator."""

import json

import pytest

from tests.rehearsal.yard import Yard

pytestmark = pytest.mark.rehearsal


def test_a_push_expires_the_oldest_images(yard: Yard) -> None:
    """By the lifecycle policy of the repository."""
    ecr = yard.client("ecr")
    ecr.create_repository(repositoryName="expiring")
    selection = {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 2}
    policy = {"rules": [{"rulePriority": 1, "selection": selection, "action": {"type": "expire"}}]}
    ecr.put_lifecycle_policy(repositoryName="expiring", lifecyclePolicyText=json.dumps(policy))
    for number in range(3):
        ecr.put_image(repositoryName="expiring", imageManifest=json.dumps({"number": number}), imageTag=f"{number}")
    images = ecr.list_images(repositoryName="expiring")["imageIds"]
    assert {image["imageTag"] for image in images} == {"1", "2"}
