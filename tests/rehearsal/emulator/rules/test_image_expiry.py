"""A lifecycle policy expires what ECR expires, by the order of pushes and of rules."""

import json
from typing import Any

import pytest

from rehearsal.emulator.rules.image_expiry import StoredImage, expired

IMAGES = [StoredImage(f"sha256:{number}", (f"tag{number}",)) for number in range(5)]


def _policy(*selections: dict[str, Any]) -> str:
    rules = [{"rulePriority": number, "selection": one} for number, one in enumerate(selections, start=1)]
    return json.dumps({"rules": rules[::-1]})


def _count(number: int, status: str = "any", *prefixes: str) -> dict[str, Any]:
    more = {"tagPrefixList": list(prefixes)} if prefixes else {}
    return {"tagStatus": status, "countType": "imageCountMoreThan", "countNumber": number, **more}


def test_the_oldest_images_expire() -> None:
    """By their push; as many stay as the rule says."""
    assert expired(_policy(_count(3)), IMAGES) == {"sha256:0", "sha256:1"}
    assert expired(_policy(_count(9)), IMAGES) == frozenset()


def test_an_image_that_an_earlier_rule_selects_stays() -> None:
    """Rules count in the order of their priorities, wherever they stand."""
    assert expired(_policy(_count(1, "tagged", "tag0"), _count(3)), IMAGES) == {"sha256:1"}


def test_untagged_images_can_expire_alone() -> None:
    """Tagged ones are not selected."""
    assert expired(_policy(_count(1, "untagged")), [*IMAGES, StoredImage("a", ()), StoredImage("b", ())]) == {"a"}


def test_a_rule_that_counts_days_is_refused() -> None:
    """Nothing silently stays that would expire on AWS."""
    with pytest.raises(ValueError, match="sinceImagePushed"):
        expired(_policy({"tagStatus": "any", "countType": "sinceImagePushed", "countNumber": 1}), IMAGES)
