"""The repository of the image that every Airflow container runs."""

import json
from typing import Any

from troposphere import GetAtt, Sub
from troposphere.ecr import EncryptionConfiguration, ImageScanningConfiguration, LifecyclePolicy, Repository

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder, state
from compiler.resources.encryption import key_of
from spec.environment import Environment

DESCRIPTION = "The image repository"
TIMEOUT_MINUTES = 15
INPUTS = frozenset({values.IMAGE_TAG, values.ENCRYPTION_KEY})
OUTPUTS = frozenset({values.REPOSITORY, values.REPOSITORY_ARN, values.REPOSITORY_URI})

KEEP_IMAGES = 20
"""How many images stay, for going back to."""


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the image repository of an environment."""
    emptied: dict[str, Any] = {} if env.protect else {"EmptyOnDelete": True}
    repository = stack.add(
        Repository(
            "Repository",
            ImageTagMutability="IMMUTABLE",
            ImageScanningConfiguration=ImageScanningConfiguration(ScanOnPush=True),
            LifecyclePolicy=LifecyclePolicy(LifecyclePolicyText=_expiry(stack)),
            **_encryption(env, stack),
            **emptied,
            **state(protect=env.protect),
        ),
        "Image repository of this environment",
    )
    stack.output(values.REPOSITORY, repository.ref())
    stack.output(values.REPOSITORY_ARN, GetAtt(repository, "Arn"))
    stack.output(values.REPOSITORY_URI, GetAtt(repository, "RepositoryUri"))


def _encryption(env: Environment, stack: StackBuilder) -> dict[str, Any]:
    key = key_of(env, stack, "images")
    return {"EncryptionConfiguration": EncryptionConfiguration(EncryptionType="KMS", KmsKey=key)} if key else {}


def _expiry(stack: StackBuilder) -> Sub:
    stack.parameter(values.IMAGE_TAG)
    return Sub(json.dumps({"rules": [_keep_deployed(), _keep_newest()]}, indent=2))


def _keep_deployed() -> dict[str, object]:
    # An image that a rule selects is out of reach for the rules after it, however few of them this one expires.
    selection = {"tagStatus": "tagged", "tagPrefixList": [f"${{{values.IMAGE_TAG.title}}}"], **_more_than(1)}
    return _rule(1, "Keep the image that is deployed, however old it is", selection)


def _keep_newest() -> dict[str, object]:
    selection = {"tagStatus": "any", **_more_than(KEEP_IMAGES)}
    return _rule(2, f"Keep the newest {KEEP_IMAGES} images", selection)


def _more_than(count: int) -> dict[str, object]:
    return {"countType": "imageCountMoreThan", "countNumber": count}


def _rule(priority: int, description: str, selection: dict[str, object]) -> dict[str, object]:
    action = {"type": "expire"}
    return {"rulePriority": priority, "description": description, "selection": selection, "action": action}
