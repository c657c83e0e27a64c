"""A failing rehearsal names the right that was missing: role, file, action, resource, and the statement to add."""

from pathlib import Path

import pytest

from acceptance.refused_permissions import MOST_LINES, explain
from compiler.compile import compile_environment
from rehearsal.emulator.rules.refusals import Kind, Refusal, record
from tests.deployer.fakes.environment import environment

TEMPLATES = compile_environment(environment())
SESSION = "arn:aws:sts::123456789012:assumed-role"
DEPLOYER = "arn:aws:iam::123456789012:user/deployer"
NONE_ALLOWS = "because no identity-based policy allows the s3:GetObject action"


def refuse(directory: Path, who: str, resource: str = "arn:aws:s3:::code/a", reason: str = NONE_ALLOWS) -> None:
    """Record a refusal."""
    record(directory, Refusal(kind=Kind.PERMISSION, who=who, what="s3:GetObject", resource=resource, reason=reason))


@pytest.mark.parametrize(
    ("who", "named"),
    [
        (f"{SESSION}/demo-Platform-1a2b-ExecutionRole-7B099B/3f2a", "ExecutionRole (platform.yaml)"),
        (f"{SESSION}/stranger/3f2a", f"{SESSION}/stranger/3f2a"),
        (DEPLOYER, DEPLOYER),
    ],
)
def test_a_refused_call_names_the_role_and_the_statement(tmp_path: Path, who: str, named: str) -> None:
    """Whoever is no role of a template has the ARN."""
    refuse(tmp_path, who)
    statement = '{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::code/a"}'
    call = "may not call s3:GetObject on arn:aws:s3:::code/a"
    assert explain(TEMPLATES, tmp_path) == (f"{named} {call}: the statement would be {statement}",)


def test_an_explicit_deny_needs_no_other_statement(tmp_path: Path) -> None:
    """Nothing that allows it would help."""
    refuse(tmp_path, DEPLOYER, reason="with an explicit deny in a resource-based policy")
    (line,) = explain(TEMPLATES, tmp_path)
    assert line.endswith("on arn:aws:s3:::code/a: a statement denies it")


def test_equal_lines_are_one_and_few_are_shown(tmp_path: Path) -> None:
    """The newest; dropped connections have lines of their own."""
    for number in range(MOST_LINES + 2):
        for _ in range(2):
            refuse(tmp_path, DEPLOYER, f"arn:aws:s3:::code/{number}")
    record(tmp_path, Refusal(kind=Kind.CONNECTION, who="a", what="tcp 1", resource="b", reason="dropped"))
    lines = explain(TEMPLATES, tmp_path)
    assert len(lines) == MOST_LINES
    assert f"code/{MOST_LINES + 1}:" in lines[-1]
