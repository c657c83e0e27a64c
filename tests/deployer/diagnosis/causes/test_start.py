"""The reasons with which the embedded AWS stops a task are recognised: they are AWS's own words."""

import ast
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from deployer.diagnosis.diagnose import explain
from deployer.diagnosis.evidence import Evidence, Source, Statement
from rehearsal.emulator.rules import quotas
from tests.deployer.diagnosis.test_evidence import HEALTH
from tests.deployer.fakes.environment import environment

PATCHES = Path(__file__).parents[4] / "rehearsal" / "emulator" / "patches"
"""Their modules can be imported in the emulator alone, so their texts are read."""


def _texts(module: str) -> Mapping[str, str]:
    """Return the texts that a correction of the embedded AWS has as constants; what is computed is left open."""
    found: dict[str, str] = {}
    for node in ast.parse((PATCHES / f"{module}.py").read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            parts = node.value.values if isinstance(node.value, ast.JoinedStr) else [node.value]
            found[node.targets[0].id] = "".join(_part(part, found) for part in parts)
    return found


def _part(part: ast.expr, found: Mapping[str, str]) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    name = part.value if isinstance(part, ast.FormattedValue) else part
    return found.get(name.id, "…") if isinstance(name, ast.Name) else "…"


STARTS, ROLES = _texts("task_starts"), _texts("service_linked_roles")
OUT_OF_MEMORY = _texts("tasks")["OUT_OF_MEMORY"]
DENIED = _texts("task_permissions")["DENIED"].format(
    operation="Secrets Manager: GetSecretValue",
    denied="User: arn:x is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:y",
)
NO_RIGHT = f"{STARTS['NO_SECRETS']}unable to retrieve secret: {DENIED}"
SICK = Evidence(env=environment(), health=replace(HEALTH, complaints=("The scheduler has no task.",)))


@pytest.mark.parametrize(
    ("source", "text", "name"),
    [
        (Source.TASK, STARTS["NO_REGISTRY"], "no road to AWS"),
        (Source.TASK, STARTS["NO_SECRET"], "no road to AWS"),
        (Source.TASK, STARTS["NO_PARAMETER"], "no road to AWS"),
        (Source.TASK, STARTS["NO_LOGS"], "no road to AWS"),
        (Source.TASK, STARTS["NO_FILES"], "no road to the file system"),
        (Source.TASK, NO_RIGHT, "right that the start lacks"),
        (Source.TASK, f"container airflow exited with 137: {OUT_OF_MEMORY}", "out of memory"),
        (Source.EVENT, f"AWS::ECS::Cluster: {ROLES['REFUSAL']}", "missing service-linked role"),
        (Source.SERVICE, f"was unable to place a task. Reason: {quotas.ON_DEMAND.message}.", "quota of vCPUs"),
        (Source.EVENT, f"AWS::EC2::VPC: {quotas.COUNTED[0].message}", "quota"),
    ],
)
def test_the_words_of_the_embedded_aws_are_recognised(source: Source, text: str, name: str) -> None:
    """Those that its corrections take from the pages of AWS."""
    found = explain(replace(SICK, statements=(Statement(source, "scheduler", text),)))
    assert found.causes[0].name == name


def test_the_right_that_is_missing_is_named() -> None:
    """With the resource that the role must be let to."""
    (cause,) = explain(replace(SICK, statements=(Statement(Source.TASK, "scheduler", NO_RIGHT),))).causes
    assert "lacks the right secretsmanager:GetSecretValue" in cause.what
    assert "read arn:aws:y" in cause.next_step
