"""A report is one page that needs nothing else, and that everybody can read."""

import re
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from cli.compiling.compiled import compile_yaml
from cli.differences.against import other
from cli.differences.differing import differing, former_templates
from cli.reporting.rehearsal_record import Act, RehearsalRecord, Screenshot
from cli.reporting.report_page import Additions, Change, report_page

ROOT = Path(__file__).parents[3]
VOID = frozenset({"meta", "img", "br", "hr", "link", "input"})
LEAST_CONTRAST = 4.5
"""Source: "Contrast (Minimum)", success criterion 1.4.3, https://www.w3.org/TR/WCAG22/#contrast-minimum"""
EVIL = "<script>alert(1)</script>"


class _Page(HTMLParser):
    """Collects the elements of a page, and complains of what is not closed."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def of(self, tag: str) -> list[dict[str, str]]:
        """Return the attributes of every element of a kind."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a page with everything on it."""
    compiled = compile_yaml(ROOT / "env.example.yaml")
    former_yaml = tmp_path_factory.mktemp("former") / "env.yaml"
    former_yaml.write_text(compiled.path.read_text(encoding="utf-8").replace("db.t4g.micro", "db.t4g.small"))
    against = other(compiled, str(former_yaml))
    former = former_templates(compiled, against, None)
    act = Act(name="deploy", seconds=30.0, share=100.0, saw=EVIL)
    additions = Additions(
        change=Change(former=former, differing=differing(compiled, against, None)),
        plan=f"1. roll out {EVIL}",
        rehearsal=RehearsalRecord(environment="demo", seconds=50.0, acts=(act,)),
        screenshots=(Screenshot("the page of the DAGs", "data:image/png;base64,AA=="),),
    )
    return report_page(compiled, additions)


def test_a_page_without_additions_has_no_section_for_them() -> None:
    """And the same YAML gives the same bytes."""
    compiled = compile_yaml(ROOT / "env.example.yaml")
    page = report_page(compiled, Additions())
    assert page == report_page(compiled, Additions())
    assert not [name for name in ("change", "plan", "rehearsal") if f'id="{name}"' in page]


def test_the_page_asks_for_nothing(text: str) -> None:
    """No script, no style, no picture and no font of another place."""
    page = _Page(text)
    assert page.open == []
    assert not page.of("script") + page.of("link") + page.of("iframe")
    addresses = [value for _, found in page.elements for name, value in found.items() if name in {"src", "href"}]
    assert [one for one in addresses if not one.startswith(("#", "data:"))] == []
    assert set(re.findall(r"url\((.)", text)) <= {"#"}
    assert "@import" not in text


def test_what_somebody_else_wrote_stays_text(text: str) -> None:
    """A plan or a step may contain anything."""
    assert EVIL not in text
    assert text.count("&lt;script&gt;alert(1)&lt;/script&gt;") == 2


def test_a_screen_reader_finds_its_way(text: str) -> None:
    """Language, title, headings without a gap, captions, scopes, words for pictures, and targets of each link."""
    page = _Page(text)
    assert page.of("html") == [{"lang": "en"}]
    assert len(page.of("title")) == len(page.of("h1")) == len(page.of("main")) == 1
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch(r"h[1-6]", tag)]
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(page.of("caption")) == len(page.of("table"))
    assert {found.get("scope") for found in page.of("th")} == {"col", "row"}
    assert all(found.get("alt") for found in page.of("img"))
    assert all(found.get("role") == "img" and found.get("aria-label") for found in page.of("svg"))
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))
    assert {found["href"].removeprefix("#") for found in page.of("a")} <= set(ids)


def test_words_have_contrast_by_day_by_night_and_on_paper(text: str) -> None:
    """On the page and in shaded places."""
    palettes = [dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", found)) for found in re.findall(r":root \{([^}]*)\}", text)]
    assert len(palettes) == 3
    for colours in palettes:
        for words in ("words", "quiet"):
            for ground in ("page", "shade"):
                assert _contrast(colours[words], colours[ground]) >= LEAST_CONTRAST


def _contrast(one: str, other: str) -> float:
    bright, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
