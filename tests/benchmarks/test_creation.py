"""The page of modelled minutes says what the compiled stacks say now."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.creation import BEST, MIDDLE, PAGE, WORST, creation, page
from benchmarks.variants import Variant, on_rds, variants

VARIANTS = variants()


def test_committed_page_is_fresh(golden: Callable[[Path, str], None]) -> None:
    """Whoever lets a stack wait for another sees here what it costs in minutes."""
    golden(PAGE, page())


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.title)
def test_luck_only_helps(variant: Variant) -> None:
    """The best is quicker than the middle, and that than the worst."""
    best, middle, worst = (creation(variant.env, luck).minutes for luck in (BEST, MIDDLE, WORST))
    assert best < middle < worst


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if on_rds(variant)], ids=lambda v: v.title)
def test_on_rds_the_database_is_waited_for(variant: Variant) -> None:
    """Nothing else takes as long, and it stands on the path with its own minutes and those of its stack."""
    provision = dict(creation(variant.env, MIDDLE).steps)["provision"]
    assert dict(provision.steps)["Database"] == pytest.approx((5.25 + 10.2) / 2 + 0.75)


def test_a_load_balancer_is_waited_for() -> None:
    """Web servers that register with one take longer to be called healthy."""
    by_title = {variant.title: creation(variant.env, MIDDLE).minutes for variant in VARIANTS}
    for title, minutes in by_title.items():
        if "without a" in title:
            assert minutes < by_title[title.replace("without a", "with a")]
