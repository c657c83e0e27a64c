"""The repository of the image that every Airflow container runs."""

import json
from typing import Any

from troposphere import GetAtt
from troposphere.ecr import ImageScanningConfiguration, LifecyclePolicy, Repository

from compiler.model import stack_values as values
from compiler.model.stack import StackBuilder, state
from compiler.model.stack_values import StackValue
from spec.environment import Environment

DESCRIPTION = "The image repository"
TIMEOUT_MINUTES = 15
INPUTS: frozenset[StackValue] = frozenset()
OUTPUTS = frozenset({values.REPOSITORY, values.REPOSITORY_ARN, values.REPOSITORY_URI})

KEEP_IMAGES = 20
"""How many images stay, for going back to; the one that runs is always among the newest."""


def build(env: Environment, stack: StackBuilder) -> None:
    """Add the image repository of an environment."""
    emptied: dict[str, Any] = {} if env.protect else {"EmptyOnDelete": True}
    repository = stack.add(
        Repository(
            "Repository",
            ImageTagMutability="IMMUTABLE",
            ImageScanningConfiguration=ImageScanningConfiguration(ScanOnPush=True),
            LifecyclePolicy=LifecyclePolicy(LifecyclePolicyText=json.dumps({"rules": [_expiry()]}, indent=2)),
            **emptied,
            **state(protect=env.protect),
        ),
        "Image repository of this environment",
    )
    stack.output(values.REPOSITORY, repository.ref())
    stack.output(values.REPOSITORY_ARN, GetAtt(repository, "Arn"))
    stack.output(values.REPOSITORY_URI, GetAtt(repository, "RepositoryUri"))


def _expiry() -> dict[str, object]:
    return {
        "rulePriority": 1,
        "description": f"Keep the newest {KEEP_IMAGES} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEEP_IMAGES},
        "action": {"type": "expire"},
    }
