"""Promises of capacity: on-demand or Spot, x86 or ARM, and on-demand x86 by default."""

from tests.spec.minimal import minimal, refused


def test_defaults_are_the_usual_ones() -> None:
    """Nothing that AWS may take back, and processors for which every image is built."""
    assert (minimal().fargate.provider, minimal().fargate.architecture) == ("FARGATE", "x86_64")


def test_spot_and_arm_are_one_word_each() -> None:
    """Each saves money with one word."""
    fargate = minimal(more="fargate: {capacity: spot, architecture: arm64}\n").fargate
    assert (fargate.provider, fargate.architecture) == ("FARGATE_SPOT", "arm64")


def test_other_words_are_answered_with_the_valid_ones() -> None:
    """The message lists both."""
    assert refused(more="fargate: {capacity: cheap}\n").hint == "valid: on_demand or spot"


def test_an_image_that_does_not_exist_for_arm_is_refused() -> None:
    """MySQL 5.7 was never built for it."""
    more = 'fargate: {architecture: arm64}\ndatabase: {kind: container, engine: mysql, version: "5.7"}\n'
    assert refused(more=more).path == "database.version"
