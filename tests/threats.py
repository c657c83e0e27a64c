"""Attacks that were tried, what came of them before and now, and the tests that try them again."""

from dataclasses import dataclass
from pathlib import Path

import yaml

PAGE = """# Attacks that were tried

Written from `tests/threats.yaml`. *Before* is what came of an attack on an early version, by hand; the test tries it
again. Attempts to log in have [pages of their own](../logins/airflow-3.3.2.md), and so has what
[each container reaches in AWS](../enforcement/demo-escalation.md).

Attacks: {every}. Succeeded before: {before}. Succeed now: {now}.

| by | attack | before | now | test |
|---|---|---|---|---|
{rows}
"""
SUCCEEDED = "succeeded"
OUTCOMES = frozenset({SUCCEEDED, "refused", "not tried"})


@dataclass(frozen=True, kw_only=True)
class Threat:
    """An attack: by whom, what, what came of it before, the test that tries it, and why it succeeds now, if it does."""

    by: str
    attack: str
    before: str
    test: str
    still: str = ""


def threats() -> tuple[Threat, ...]:
    """Return every attack."""
    table = yaml.safe_load(Path(__file__).with_suffix(".yaml").read_text(encoding="utf-8"))
    return tuple(Threat(by=by, **attack) for by, attacks in table.items() for attack in attacks)


def render() -> str:
    """Return the page."""
    every = threats()
    return PAGE.format(
        every=len(every),
        before=sum(threat.before == SUCCEEDED for threat in every),
        now=sum(bool(threat.still) for threat in every),
        rows="\n".join(map(_row, every)),
    )


def _row(threat: Threat) -> str:
    now = f"{SUCCEEDED}: {threat.still}" if threat.still else "refused"
    return f"| {threat.by} | {threat.attack} | {threat.before} | {now} | `{threat.test}` |"
