"""Promises of compile.py: what comes out, the same bytes every time, and without what is slow to import."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from compiler.all_stacks import ALL_STACKS
from compiler.compile import build_stack, compile_environment
from compiler.errors import CompileError
from compiler.model import stack_values as values
from compiler.model.template_set import BOOTSTRAP, ROOT
from compiler.templates_out import stale, write
from spec.reading.load import load
from tests.spec.minimal import minimal
from tests.spec.networks import behind_shared, in_network, shared_network

if TYPE_CHECKING:
    from compiler.model.stack import StackBuilder
    from compiler.model.stack_values import StackValue
    from spec.environment import Environment
    from tests.compiler.conftest import Case

CHECKOUT = Path(__file__).parents[2]
EXAMPLES = (CHECKOUT / "env.example.yaml", *sorted((CHECKOUT / "examples").glob("*.yaml")))

DIGEST = """
import hashlib, sys
from pathlib import Path
from compiler.compile import compile_environment
from spec.reading.load import load
from tests.spec.networks import in_network, shared_network
from tests.spec.minimal import minimal
templates = compile_environment(load(Path(sys.argv[1])))
print(hashlib.sha256("".join(f"{name}{text}" for name, text in templates.files.items()).encode()).hexdigest())
print(sorted({module.partition(".")[0] for module in sys.modules}))
"""


def _run(case: Case, seed: str) -> list[str]:
    command = [sys.executable, "-c", DIGEST, str(case.folder / "env.yaml")]
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    done = subprocess.run(command, cwd=CHECKOUT, env=environment, check=True, capture_output=True, text=True)
    return done.stdout.splitlines()


def test_goldens_are_compared_byte_by_byte(case: Case, pytestconfig: pytest.Config) -> None:
    """Each golden environment compiles to exactly the files beside it."""
    folder = case.folder / "expected"
    if pytestconfig.getoption("--regold"):
        write(case.templates, folder)
    assert stale(case.templates, folder) == ()


@pytest.mark.parametrize("file", EXAMPLES, ids=lambda file: file.stem)
def test_templates_out_is_up_to_date(file: Path) -> None:
    """The committed templates are those of the YAML beside them."""
    templates = compile_environment(load(file))
    assert stale(templates, file.parent / "templates_out" / templates.name) == ()


def test_files_are_in_deploy_order(case: Case) -> None:
    """Root and bootstrap stack come first, then the nested stacks in the order of their deployment."""
    assert tuple(case.templates.files) == (ROOT, BOOTSTRAP, *(f"{name}.yaml" for name in case.templates.nested))


def test_an_instance_comes_before_the_cluster_and_a_container_after_it(instance: Case, container: Case) -> None:
    """Otherwise the order is the roster's: a container needs the cluster, whose commands need an instance's address."""
    nested = instance.templates.nested
    assert nested == tuple(name for name in ALL_STACKS if name in nested)
    nested = container.templates.nested
    assert nested.index("platform") < nested.index("database") < nested.index("services")


def test_an_empty_stack_is_left_out(smallest: Case, mayfly: Case) -> None:
    """Without expiry and hours there is no stack for them."""
    assert set(mayfly.templates.nested) - set(smallest.templates.nested) == {"lifetime", "hours"}


def test_the_hash_seed_changes_no_byte(largest: Case) -> None:
    """Three processes with three hash seeds write the same bytes."""
    assert len({_run(largest, seed)[0] for seed in ("0", "1", "4242")}) == 1


def test_compiling_imports_nothing_slow(largest: Case) -> None:
    """Compiling starts fast: it imports no client of AWS, no linter, no template engine, no screen."""
    modules = _run(largest, "0")[1]
    assert not {"boto3", "botocore", "cfnlint", "jinja2", "rich", "requests"} & set(modules.split("'"))


class _Undeclared:
    """A stack that takes and outputs what it does not declare."""

    DESCRIPTION = "Declares nothing"
    TIMEOUT_MINUTES = 15
    INPUTS: frozenset[StackValue] = frozenset()
    OUTPUTS: frozenset[StackValue] = frozenset()

    def __init__(self, value: StackValue, *, outputs: bool) -> None:
        self.value = value
        self.outputs = outputs

    def build(self, env: Environment, builder: StackBuilder) -> None:
        """Take or output the value."""
        if self.outputs:
            builder.output(self.value, env.name)
        else:
            builder.parameter(self.value)


@pytest.mark.parametrize(("outputs", "roster"), [(True, "OUTPUTS"), (False, "INPUTS")])
def test_a_stack_that_uses_an_undeclared_value_is_refused(smallest: Case, roster: str, *, outputs: bool) -> None:
    """The error names the roster in which the value is missing."""
    with pytest.raises(CompileError, match=f"Add it to {roster} in compiler/stacks/undeclared.py"):
        build_stack(smallest.env, "undeclared", _Undeclared(values.VPC, outputs=outputs))


def test_every_declared_value_is_used(tmp_path: Path) -> None:
    """Over all golden cases, with releases, alarms, a key and other networks, each stack uses all that it declares."""
    cases = [load(env) for env in (CHECKOUT / "tests/golden/templates").glob("*/env.yaml")]
    cases.append(minimal('2.5.3, python: "3.10"', '3.3.2, python: "3.12"', more="code: {delivery: release}\n"))
    container = 'database: {kind: container, version: "15"}\n'
    for database in ("", container.replace("}", ", storage: efs}")):
        more = f"schedule: {{when: due}}\n{database}"
        cases.append(minimal('2.5.3, python: "3.10"', '3.3.2, python: "3.12"', more=more))
    cases.append(minimal(more="encryption: {key: create}\nbackup: {}\n"))
    airflow = '}\nairflow: {version: 2.5.3, python: "3.10"}\nnetwork: {'
    for keys, more in (
        ("zones: 3, ", container),
        ("mode: private, nat: per_zone, zones: 3, ", container),
        ("mode: endpoints, zones: 3, ", ""),
    ):
        cases.append(minimal(f"us-west-2{airflow}", f"ap-northeast-1{airflow}{keys}", more=more))
    shared_network(tmp_path)
    cases += [in_network(tmp_path), behind_shared(tmp_path)]
    for name, stack in ALL_STACKS.items():
        builders = [build_stack(env, name, stack) for env in cases]
        assert {value for builder in builders for value in builder.inputs} == stack.INPUTS, name
        assert {value for builder in builders for value in builder.outputs} == stack.OUTPUTS, name
