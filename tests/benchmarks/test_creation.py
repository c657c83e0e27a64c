"""The page of modelled minutes says what the compiled stacks say now."""

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.creation import BEST, MIDDLE, PAGE, WORST, creation, page
from benchmarks.variants import Variant, variants

VARIANTS = variants()


def test_the_committed_page_is_up_to_date(golden: Callable[[Path, str], None]) -> None:
    """A change of what waits for what changes the minutes on the page."""
    golden(PAGE, page())


@pytest.mark.parametrize("variant", VARIANTS, ids=lambda variant: variant.title)
def test_the_best_case_is_quicker_than_the_worst(variant: Variant) -> None:
    """The best case takes less time than the middle one, and that one less than the worst."""
    best, middle, worst = (creation(variant.env, slowness).minutes for slowness in (BEST, MIDDLE, WORST))
    assert best < middle < worst


@pytest.mark.parametrize("variant", [variant for variant in VARIANTS if variant.on_rds], ids=lambda v: v.title)
def test_with_rds_the_database_is_on_the_critical_path(variant: Variant) -> None:
    """Nothing else takes as long. It is on the path with its own minutes and those of its stack."""
    provision = dict(creation(variant.env, MIDDLE).steps)["provision"]
    assert dict(provision.steps)["Database"] == pytest.approx((5.25 + 10.2) / 2 + 0.75)


def test_a_load_balancer_adds_minutes() -> None:
    """A web server behind a load balancer takes longer to become healthy."""
    by_title = {variant.title: creation(variant.env, MIDDLE).minutes for variant in VARIANTS}
    for title, minutes in by_title.items():
        if "without a" in title:
            assert minutes < by_title[title.replace("without a", "with a")]
