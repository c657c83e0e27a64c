"""How long a first deploy takes, by its compiled stacks."""

import pytest

from benchmarks.variants import Variant, variants
from compiler.compile import compile_environment
from deployer.durations.creation import BEST, MIDDLE, WORST, creation, creation_seconds
from tests.spec.minimal import minimal

VARIANTS = variants()


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.title)
def test_the_best_case_is_quicker_than_the_worst(variant: Variant) -> None:
    """The best case takes less time than the middle one, and that one less than the worst."""
    best, middle, worst = (
        creation(compile_environment(variant.env), slowness).minutes for slowness in (BEST, MIDDLE, WORST)
    )
    assert best < middle < worst


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if variant.on_rds], ids=lambda v: v.title)
def test_with_rds_the_database_is_on_the_critical_path(variant: Variant) -> None:
    """Nothing else takes as long. It is on the path with its own minutes and those of its stack."""
    provision = dict(creation(compile_environment(variant.env), MIDDLE).steps)["provision"]
    assert dict(provision.steps)["Database"] == pytest.approx((5.25 + 10.2) / 2 + 0.75)


def test_a_load_balancer_adds_minutes() -> None:
    """A web server behind a load balancer takes longer to become healthy."""
    by_title = {variant.title: creation(compile_environment(variant.env), MIDDLE).minutes for variant in VARIANTS}
    for title, minutes in by_title.items():
        if "without a" in title:
            assert minutes < by_title[title.replace("without a", "with a")]


def test_phases_and_nested_stacks_have_their_seconds() -> None:
    """A phase takes as long as its critical path; a stack that the switch to running changes not is not in it."""
    templates = compile_environment(VARIANTS[0].env)
    seconds = creation_seconds(templates)
    provision = dict(creation(templates, MIDDLE).steps)["provision"]
    assert seconds["provision"] == pytest.approx(provision.minutes * 60)
    assert seconds["provision Database"] == pytest.approx(dict(provision.steps)["Database"] * 60)
    assert "services Services" in seconds
    assert "services Network" not in seconds


def test_interface_endpoints_take_as_long_as_the_slowest_of_them() -> None:
    """CloudFormation makes them side by side; those of S3 are routes, and there at once."""
    env = minimal("network: {", "network: {mode: endpoints, ")
    seconds = creation_seconds(compile_environment(env))
    assert seconds["provision Egress"] == pytest.approx(((1 + 3) / 2 + 0.75) * 60)
