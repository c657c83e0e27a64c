"""Where the image lives that every Airflow container runs."""

import json
from typing import Any

from troposphere import GetAtt
from troposphere.ecr import ImageScanningConfiguration, LifecyclePolicy, Repository

from compiler.model.stack import Sheet, state
from compiler.model.stack_values import Wire
from spec.environment import Environment

DESCRIPTION = "The image of this environment"
TIMEOUT_MINUTES = 15
NEEDS: frozenset[Wire] = frozenset()
GIVES = frozenset({Wire.REPOSITORY, Wire.REPOSITORY_ARN, Wire.REPOSITORY_URI})

KEEP_IMAGES = 20
"""So many deployments can be returned to; the one that runs is always among the newest."""


def build(env: Environment, sheet: Sheet) -> None:
    """Draw the image repository of an environment."""
    emptied: dict[str, Any] = {} if env.protect else {"EmptyOnDelete": True}
    repository = sheet.draw(
        Repository(
            "Repository",
            ImageTagMutability="IMMUTABLE",
            ImageScanningConfiguration=ImageScanningConfiguration(ScanOnPush=True),
            LifecyclePolicy=LifecyclePolicy(LifecyclePolicyText=json.dumps({"rules": [_expiry()]}, indent=2)),
            **emptied,
            **state(protect=env.protect),
        ),
        "Holds the images of this environment",
    )
    sheet.give(Wire.REPOSITORY, repository.ref())
    sheet.give(Wire.REPOSITORY_ARN, GetAtt(repository, "Arn"))
    sheet.give(Wire.REPOSITORY_URI, GetAtt(repository, "RepositoryUri"))


def _expiry() -> dict[str, object]:
    return {
        "rulePriority": 1,
        "description": f"Keep the newest {KEEP_IMAGES} images",
        "selection": {"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": KEEP_IMAGES},
        "action": {"type": "expire"},
    }
