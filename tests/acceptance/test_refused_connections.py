"""A failing rehearsal names the rule that was missing: source, target, port, logical id and file."""

from pathlib import Path

import pytest

from acceptance.refused_connections import MOST_LINES, explain
from compiler.compile import compile_environment
from rehearsal.emulator.rules.refusals import Kind, Refusal, record
from tests.deployer.fakes.environment import environment

ENV = environment()
TEMPLATES = compile_environment(ENV)
WEB = "demo-Network-1a2b-WebserverSecurityGroup (sg-1)"
DATABASE = "demo-Network-1a2b-DatabaseSecurityGroup (sg-2)"


def _explained(directory: Path, reason: str) -> str:
    refusal = Refusal(kind=Kind.CONNECTION, who="task 3f2a", what="tcp 5432", resource="database db", reason=reason)
    record(directory, refusal)
    (line,) = explain(ENV, TEMPLATES, directory)
    return line


@pytest.mark.parametrize(
    ("reason", "missing"),
    [
        (
            f"no egress rule lets tcp 5432 from {WEB} to {DATABASE}",
            "WebserverToDatabaseEgress (network.yaml) lets it through, and the group does not have it",
        ),
        (
            f"no ingress rule lets tcp 5432 from {WEB} to {DATABASE}",
            "WebserverToDatabaseIngress (network.yaml) lets it through, and the group does not have it",
        ),
        (f"no ingress rule lets tcp 22 from {WEB} to {DATABASE}", "no rule lets it into database"),
        (f"no egress rule lets tcp 5432 from {DATABASE} to {WEB}", "no rule lets it out of database"),
    ],
)
def test_a_dropped_connection_names_the_rule(tmp_path: Path, reason: str, missing: str) -> None:
    """By its logical id and file where the templates have one; otherwise by the end that is closed."""
    line = _explained(tmp_path, reason)
    assert line.endswith(f"was dropped: {missing}")
    assert line.startswith(("webserver -> database tcp", "database -> webserver tcp"))


def test_aws_is_the_internet(tmp_path: Path) -> None:
    """A rule for HTTPS to anywhere lets a task reach AWS, and one without a port does so too."""
    line = _explained(tmp_path, f"no egress rule lets tcp 443 from {WEB} to the internet")
    assert line.startswith("webserver -> internet tcp 443 was dropped: WebserverToInternet (network.yaml)")


def test_a_missing_route_is_told_as_it_is(tmp_path: Path) -> None:
    """No rule mends it."""
    line = _explained(tmp_path, "no route to the internet: a group (sg-1) has no public address")
    assert (
        line
        == "task -> database db tcp 5432 was dropped: no route to the internet: a group (sg-1) has no public address"
    )


def test_the_same_line_is_told_once_and_few_are_told(tmp_path: Path) -> None:
    """Every task that starts anew would add one; other refusals are not for this report."""
    record(tmp_path, Refusal(kind=Kind.LIMIT, who="a", what="b", resource="c", reason="d"))
    for port in range(2 * MOST_LINES):
        for _ in range(2):
            reason = f"no egress rule lets tcp {port} from {WEB} to {DATABASE}"
            record(tmp_path, Refusal(kind=Kind.CONNECTION, who="task 1", what="", resource="", reason=reason))
    lines = explain(ENV, TEMPLATES, tmp_path)
    assert len(lines) == MOST_LINES
    assert f"tcp {2 * MOST_LINES - 1} " in lines[-1]
