"""Writes a report: one HTML page that contains everything, for a browser without a network, and for paper."""

from dataclasses import dataclass
from pathlib import Path

import jinja2

from cli.compiling.compiled import Compiled
from cli.differences.differing import Differing
from cli.differences.text_page import text_page
from cli.graph.architecture import architecture, changed
from cli.graph.svg import svg
from cli.reporting import tables
from cli.reporting.rehearsal_record import RehearsalRecord, Screenshot
from cli.terminal.version import VERSION
from compiler.model.template_set import TemplateSet

_TEMPLATE = Path(__file__).with_name("report.html.j2")


@dataclass(frozen=True, kw_only=True)
class Change:
    """What the page compares with: its templates, and what differs from them."""

    former: TemplateSet
    differing: Differing


@dataclass(frozen=True, kw_only=True)
class Additions:
    """What is on a page besides what the YAML says; None or empty where nobody gave it."""

    change: Change | None = None
    plan: str = ""
    rehearsal: RehearsalRecord | None = None
    screenshots: tuple[Screenshot, ...] = ()


def report_page(compiled: Compiled, additions: Additions) -> str:
    """Return the page; the same input gives the same bytes."""
    env, change = compiled.env, additions.change
    engine = jinja2.Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined)
    return engine.from_string(_TEMPLATE.read_text(encoding="utf-8")).render(
        version=VERSION,
        name=env.name,
        yaml=str(compiled.path),
        facts=_facts(compiled),
        notices=(*compiled.notices, *compiled.code_notices),
        change=text_page(change.differing) if change else "",
        against=change.differing.old if change else "",
        plan=additions.plan,
        picture=_picture(compiled, change),
        cost=tables.cost(compiled.templates, compiled.awake),
        security=(tables.reach(compiled.templates), tables.rights(compiled.templates)),
        state=tables.state(compiled.templates),
        waived=tables.waived(),
        rehearsal=additions.rehearsal,
        screenshots=additions.screenshots,
    )


def _facts(compiled: Compiled) -> tuple[tuple[str, str], ...]:
    env = compiled.env
    site = f"https://{env.web.domain}" if env.web.domain else "without a domain of its own"
    facts = {
        "account": env.aws.account,
        "region": env.aws.region,
        "Airflow": f"{env.airflow.version} on Python {env.airflow.python}, executor {env.airflow.executor}",
        "database": env.database.kind,
        "network": env.network.mode,
        "login": env.auth.kind,
        "site": site,
        "protected": "yes" if env.protect else "no",
        "deletes itself after": env.ttl or "",
    }
    return tuple((name, str(value)) for name, value in facts.items() if value)


def _picture(compiled: Compiled, change: Change | None) -> str:
    new = architecture(compiled.templates)
    return svg(changed(architecture(change.former), new, change.differing.difference) if change else new)
