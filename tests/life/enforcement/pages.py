"""The pages that show what the trials of an example have found."""

import re
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from tests.life.enforcement import endpoints, routes, security_groups, statements
from tests.life.enforcement.removal import Trial
from tests.life.kept import ROOT

FOLDER = ROOT / "docs" / "enforcement"
NOBODY = "**nothing**"
UNTRIED = "**not tried yet**"
NO_REASON = "**nobody has said why**"
RULES = """# Security groups of {name}

Which rules `{file}` needs. In one running rehearsal, each rule was revoked alone and put back.
`make endurance` compares this page with what it sees.

"""
ENDPOINTS = """# Endpoints of {name}

Which endpoints of its VPC `{file}` needs. In one running rehearsal, each was taken out of its
subnets or route tables alone and put back. `make endurance` compares this page with what it sees.

"""
ROUTES = """# Routes of {name}

Which routes out of its VPC `{file}` needs. In one running rehearsal, each was deleted alone and put back.
`make endurance` compares this page with what it sees.{given}

"""
GIVEN = """
The network was there before: a route is named after the subnets that have it, by their keys in the YAML."""
STATEMENTS = """# Permissions of {name}

Which statements of its roles `{file}` needs. In one running rehearsal, each was taken away alone and put back.
`make endurance` compares this page with what it sees.

"""
UNUSED_RULES = MappingProxyType(
    {
        "ToScheduler": "logs of tasks that still run: a rehearsal reads logs when the tasks have ended",
        "VisitorsToLoadBalancer1": "visitors who come without TLS, and are redirected: a rehearsal comes with it",
        "ToTriggerer": "logs of triggers that still run: no sample DAG defers a task",
    }
)
"""Why a rehearsal does not use a rule, by what its name ends with."""
_CALLBACKS = "triggerer and DAG processor write logs of deferred tasks and of callbacks, which no sample DAG has"
_TELLS = (
    "the scheduler writes into a task's log why its worker ended or did not start; "
    "`tests/life/test_workers.py` reads that, and a rehearsal has such a task only when something disturbs it"
)
_ONCE = (
    "a process looks for the log group once, before its first line: those of the LocalExecutor had done so; and "
    + _CALLBACKS
)
UNNOTICED: Mapping[str, str] = MappingProxyType(
    {
        "DeletionRole": "CloudFormation deletes the environment with it at its end; each statement would need an end",
        "MonitoringRole": "RDS writes with it what the system of an instance does, and the embedded RDS measures none",
        "SchedulerRole/FindTaskLogs": _TELLS,
        "SchedulerRole/WriteTaskLogs": _TELLS,
        "TaskRole/FindTaskLogs": _ONCE,
        "TaskRole/Granted1": "`airflow.statements` of the YAML grants it to DAGs, and no sample DAG needs it",
        "TaskRole/WriteTaskLogs": _CALLBACKS,
    }
)
"""Why no observation depends on a statement, by its name, or by its role where one reason serves for all."""

_ROW = re.compile(r"^\| `(?P<name>\S+)` \|.*\| (?P<used>yes|no) \| (?P<noticed>.+) \|$", re.MULTILINE)
_NAMED = re.compile(r"^\| `(?P<name>\S+)` \| (?P<first>[^|]+) \|", re.MULTILINE)
_REASON = re.compile(r"^- `(?P<what>\S+)`: ")


@dataclass(frozen=True, kw_only=True)
class Totals:
    """What a page counts."""

    tried: int
    noticed: int
    unused: int
    """Not used by a rehearsal itself."""


def of_rules(file: Path, name: str, trials: Sequence[Trial]) -> str:
    """Render the page about the security groups of an example."""
    text = RULES.format(name=name, file=file) + _table(security_groups.HEADING, trials)
    unused = [trial.removed.name for trial in trials if not trial.needs]
    why = [f"- `{rule}`: {_why_unused(rule)}.\n" for rule in unused]
    return f"{text}\nA rehearsal itself does not use:\n\n{''.join(why)}" if unused else text


def of_endpoints(file: Path, name: str, trials: Sequence[Trial]) -> str:
    """Render the page about the endpoints of an example."""
    return ENDPOINTS.format(name=name, file=file) + _table(endpoints.HEADING, trials)


def of_routes(file: Path, name: str, trials: Sequence[Trial], *, given: bool) -> str:
    """Render the page about the routes of an example; `given` says whether its network was there before."""
    text = ROUTES.format(name=name, file=file, given=GIVEN if given else "")
    return text + _table(routes.HEADING, trials)


def of_statements(file: Path, name: str, trials: Sequence[Trial]) -> str:
    """Render the page about the roles of an example."""
    text = STATEMENTS.format(name=name, file=file) + _table(statements.HEADING, trials)
    why = dict(_why_unnoticed(trial.removed.name) for trial in trials if not trial.noticed_by)
    lines = "".join(f"- `{what}`: {reason}.\n" for what, reason in why.items())
    return f"{text}\nNo observation depends on:\n\n{lines}" if why else text


def totals(pages: Sequence[str]) -> Totals:
    """Count the rows of pages."""
    rows = [row for page in pages for row in _ROW.finditer(page)]
    return Totals(
        tried=len(rows),
        noticed=sum(row["noticed"] != NOBODY for row in rows),
        unused=sum(row["used"] == "no" for row in rows),
    )


def renewed(page: str, expected: Mapping[str, str]) -> str:
    """Return a page with the rows of today, by name and first cell: what is newer than the page was not tried."""
    lines = page.splitlines(keepends=True)
    rows = {row["name"]: row["first"] for row in _NAMED.finditer(page)}
    kept = {name for name, first in rows.items() if expected.get(name) == first}
    newer = [_untried(name, first, lines) for name, first in sorted(expected.items()) if name not in kept]
    end = max(at for at, line in enumerate(lines) if line.startswith("| ")) + 1
    table = [line for line in lines[:end] if not (row := _NAMED.match(line)) or row["name"] in kept]
    roles = {name.partition("/")[0] for name in kept}
    return "".join([*table, *newer, *(line for line in lines[end:] if _reason_counts(line, kept | roles))])


def _untried(name: str, first: str, lines: Sequence[str]) -> str:
    """Return a row as wide as the table."""
    width = next(line for line in lines if line.startswith("| ")).count("|") - 1
    return f"| {' | '.join((f'`{name}`', first, *('' for _ in range(width - 3)), UNTRIED))} |\n"


def _reason_counts(line: str, names: Container[str]) -> bool:
    reason = _REASON.match(line)
    return reason is None or reason["what"] in names


def _table(heading: Sequence[str], trials: Sequence[Trial]) -> str:
    columns = ("", *heading, "used in a rehearsal", "its removal is noticed by")
    lines = (columns, tuple("-" for _ in columns), *_rows(trials))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _rows(trials: Sequence[Trial]) -> Iterator[tuple[str, ...]]:
    for one in trials:
        needs = "yes" if one.needs else "no"
        yield f"`{one.removed.name}`", *one.removed.details, needs, ", ".join(one.noticed_by) or NOBODY


def _why_unused(rule: str) -> str:
    stem = rule.removesuffix("Egress").removesuffix("Ingress")
    return next((words for end, words in UNUSED_RULES.items() if stem.endswith(end)), NO_REASON)


def _why_unnoticed(name: str) -> tuple[str, str]:
    reasons: Mapping[str, str] = UNNOTICED
    what = next((key for key in (name, name.partition("/")[0]) if key in reasons), name)
    return what, reasons.get(what, NO_REASON)
