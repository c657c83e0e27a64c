"""What visitors can do on each release in one table, read from the pages that the rehearsals wrote."""

from pathlib import Path

FOLDER = Path(__file__).parents[1] / "docs" / "security"
PAGE = """# What a visitor can do, by release

Read from the pages of [2.5.3](visitors-2.5.3.md), [2.11.2](visitors-2.11.2.md) and [3.3.2](visitors-3.3.2.md), which
rehearsals write. The visitor comes through the load balancer, which has an address of its own: Airflow sees no peer on
loopback. A dash stands for what was not tried: the release has other paths, or no such login.

| attempt | {releases} |
|---|{lines}|
{rows}
"""
RELEASES = ("2.5.3", "2.11.2", "3.3.2")
NOT_TRIED = "-"


def attempts(release: str) -> dict[str, str]:
    """Return what happened to each attempt on a release."""
    text = (FOLDER / f"visitors-{release}.md").read_text(encoding="utf-8")
    rows = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return {row[0]: row[1] for row in rows[1:]}


def render() -> str:
    """Return the page."""
    by_release = {release: attempts(release) for release in RELEASES}
    every = dict.fromkeys(attempt for found in by_release.values() for attempt in found)
    rows = [[attempt, *(found.get(attempt, NOT_TRIED) for found in by_release.values())] for attempt in every]
    return PAGE.format(
        releases=" | ".join(RELEASES),
        lines="|".join("---" for _ in RELEASES),
        rows="\n".join(f"| {' | '.join(row)} |" for row in rows),
    )
