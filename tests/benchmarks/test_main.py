"""The promises of benchmarks/__main__.py."""

from benchmarks.__main__ import PAGE, SECTIONS, sections_of


def test_what_is_not_measured_stays_on_the_page() -> None:
    """One section can be measured by itself: the others are what the page says already."""
    page = PAGE.read_text(encoding="utf-8")
    sections = sections_of(page)
    assert "\n".join(sections[name] for name in SECTIONS if name in sections) == page


def test_each_section_is_found_by_its_heading() -> None:
    """Also where one before it is missing."""
    page = "# Benchmarks\n\n## Then and now: a rehearsal\n"
    assert sections_of(page) == {"commands": "# Benchmarks\n", "earlier": "## Then and now: a rehearsal\n"}
