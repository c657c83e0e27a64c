"""Images through the real client, answered by hand."""

import base64

from deployer.aws.ecr import Ecr
from tests.deployer.aws.stub import stubbed


def test_a_login_has_username_password_and_registry() -> None:
    """The password stays out of the representation."""
    client, stub = stubbed("ecr")
    token = base64.b64encode(b"AWS:secret").decode()
    data = {"authorizationToken": token, "proxyEndpoint": "https://1.dkr.ecr.us-west-2.amazonaws.com"}
    stub.add_response("get_authorization_token", {"authorizationData": [data]})
    login = Ecr(client).login()
    assert (login.username, login.password, login.registry) == ("AWS", "secret", "1.dkr.ecr.us-west-2.amazonaws.com")
    assert "secret" not in repr(login)


def test_a_missing_tag_is_none() -> None:
    """It has to be built."""
    client, stub = stubbed("ecr")
    stub.add_client_error("describe_images", "ImageNotFoundException")
    assert Ecr(client).digest("demo", "t") is None


def test_an_image_is_deleted_once_whatever_its_tags() -> None:
    """Two tags, one image."""
    client, stub = stubbed("ecr")
    digest = f"sha256:{'a' * 64}"
    ids = [{"imageDigest": digest, "imageTag": "1"}, {"imageDigest": digest, "imageTag": "2"}]
    stub.add_response("list_images", {"imageIds": ids})
    expected = {"repositoryName": "demo", "imageIds": [{"imageDigest": digest}]}
    stub.add_response("batch_delete_image", {}, expected)
    assert Ecr(client).empty("demo") == 1


def test_a_missing_repository_is_empty() -> None:
    """A teardown that comes late finds nothing."""
    client, stub = stubbed("ecr")
    stub.add_client_error("list_images", "RepositoryNotFoundException")
    assert Ecr(client).empty("demo") == 0
