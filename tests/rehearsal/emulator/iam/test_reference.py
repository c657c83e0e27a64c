"""The promises of rehearsal/emulator/iam/reference.py, with the data in the emulator's own virtualenv."""

import sys
from collections.abc import Iterator

import pytest

from rehearsal.emulator.iam import reference
from rehearsal.images.emulator_image import emulator_environment
from tests.rehearsal.yard import CACHE

pytestmark = pytest.mark.rehearsal


@pytest.fixture(autouse=True)
def _data() -> Iterator[None]:
    """Let the package with the data be imported; it is data alone, and no other package of the emulator is."""
    library = emulator_environment(CACHE) / "lib"
    sys.path.append(str(next(library.glob("python*/site-packages"))))
    yield
    sys.path.pop()
    sys.modules.pop(reference.PACKAGE, None)


def test_an_action_has_its_types_of_resources() -> None:
    """With the format of their ARNs, and whether tags of the resource can decide."""
    action = reference.find("ecs:RunTask")
    assert action is not None
    (kind,) = action.resource_types
    assert (kind.name, kind.is_required, kind.takes_tags) == ("task-definition", True, True)
    assert kind.arn.endswith(":task-definition/${TaskDefinitionFamilyName}:${TaskDefinitionRevisionNumber}")


def test_an_action_without_types_has_none() -> None:
    """It can be allowed on `*` only."""
    action = reference.find("ecr:GetAuthorizationToken")
    assert action is not None
    assert action.resource_types == ()


def test_an_action_that_there_is_not_is_not_found() -> None:
    """Nor is one of a service that there is not."""
    assert reference.find("ecs:FlyAway") is None
    assert reference.find("nothing:FlyAway") is None


def test_a_bucket_has_no_tags_for_policies() -> None:
    """AWS tells them only where attribute-based access control is on for the bucket."""
    deletion = reference.find("s3:DeleteBucket")
    assert deletion
    assert not any(kind.takes_tags for kind in deletion.resource_types)
