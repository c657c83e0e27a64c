"""Images in ECR."""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deployer.aws.errors import AwsRefusal

if TYPE_CHECKING:
    from mypy_boto3_ecr import ECRClient

_BATCH = 100


@dataclass(frozen=True)
class Login:
    """What a container tool needs to push: valid for 12 hours; the password never appears in a repr."""

    registry: str
    username: str
    password: str = field(repr=False)


@dataclass(frozen=True)
class Ecr:
    """ECR in one region."""

    client: ECRClient

    def login(self) -> Login:
        """Return a fresh login for the registry of this account."""
        data = self.client.get_authorization_token()["authorizationData"][0]
        username, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
        return Login(data["proxyEndpoint"].removeprefix("https://"), username, password)

    def digest(self, repository: str, tag: str) -> str | None:
        """Return the digest of the image with this tag, or None when there is none."""
        try:
            images = self.client.describe_images(repositoryName=repository, imageIds=[{"imageTag": tag}])[
                "imageDetails"
            ]
        except AwsRefusal as error:
            if error.code == "ImageNotFoundException":
                return None
            raise
        return images[0]["imageDigest"] if images else None

    def empty(self, repository: str) -> int:
        """Delete every image; return how many there were. A repository that is gone already holds none."""
        try:
            pages = self.client.get_paginator("list_images").paginate(repositoryName=repository)
            digests = {image["imageDigest"] for page in pages for image in page["imageIds"] if "imageDigest" in image}
        except AwsRefusal as error:
            if error.code == "RepositoryNotFoundException":
                return 0
            raise
        doomed = sorted(digests)
        for start in range(0, len(doomed), _BATCH):
            batch = doomed[start : start + _BATCH]
            self.client.batch_delete_image(
                repositoryName=repository, imageIds=[{"imageDigest": digest} for digest in batch]
            )
        return len(doomed)
