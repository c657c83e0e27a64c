"""Tests mirror the code: each module has a test file of its own."""

import ast
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

ROOT = Path(__file__).parents[1]
FLOORS = ("spec", "pricing", "compiler", "deployer", "rehearsal", "acceptance", "cli", "runtime", "windsock")

ENCLOSED = (
    "runs as a process of its own inside the emulator's namespaces: test_emulator_session.py looks at it from outside"
)

DUE = "reads the tables of an Airflow: runtime/due/test_look.py leads one through all states"

WITHOUT_MIRROR: Mapping[str, str] = MappingProxyType(
    {
        "cli/airflow_releases/list_options.py": "runs in a Python of Airflow: test_option_list.py holds its result",
        "rehearsal/emulator/__main__.py": ENCLOSED,
        "rehearsal/emulator/oidc/provider.py": ENCLOSED,
        "rehearsal/emulator/oidc/server.py": ENCLOSED,
        "rehearsal/emulator/containers/container_init.py": ENCLOSED,
        "runtime/due/airflow_2.py": DUE,
        "runtime/due/airflow_3.py": DUE,
        "runtime/due/heartbeat.py": DUE,
        "runtime/due/people.py": DUE,
        "runtime/due/tasks.py": DUE,
    }
)
"""Modules that do something and have no test file of their own, each with the reason."""

WITHOUT_MODULE: Mapping[str, str] = MappingProxyType(
    {
        "compiler/test_partitions.py": "compiles for every region, and looks at policies and addresses too",
        "compiler/test_every_mode.py": "draws environments of all modes, compiles them and lints them",
        "compiler/test_access_pages.py": "holds the pages of who can do what to the templates of all examples",
        "compiler/test_compile_network.py": "holds a network and the environments in it together",
        "compiler/test_cfn_guard.py": "lets another program read the templates of all examples",
        "compiler/test_checkov.py": "lets another program read the templates of all examples",
        "compiler/test_ecs_requests.py": "holds all templates to the shapes of the ECS API",
        "compiler/test_templates.py": "holds all templates together to what was meant",
        "deployer/permissions/test_rights_of_backups.py": "lets the stack of copies live with the printed policy",
        "deployer/permissions/test_rights_of_networks.py": "lets a network live with the printed policy",
        "deployer/test_states.py": "walks every status of a stack by every verb",
        "deployer/test_deployed_before.py": "holds deploy, push and teardown to environments of an earlier release",
        "deployer/test_kill_points.py": "lets every call of every run go wrong",
        "deployer/test_upgrades.py": "walks whole upgrades and downgrades, killed at every call",
        "deployer/test_fakes.py": "holds the AWS in memory to the real clients",
        "runtime/due/test_two_weeks.py": "plays two weeks of schedules and people on a database of each release",
        "spec/reading/test_load_fuzz.py": "throws whatever comes at the loader",
    }
)
"""Test files that look at more than one module, each with what for."""


def _does_something(module: Path) -> bool:
    """Whether a module has a function with a body: tables, rosters and protocols are tested by who reads them."""
    tree = ast.parse(module.read_text(encoding="utf-8"))
    functions = (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return any(not all(map(_is_constant, function.body)) for function in functions)


def _is_constant(statement: ast.stmt) -> bool:
    """Whether a statement is a docstring or `...`."""
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _mirror(module: str) -> Path:
    return (ROOT / "tests" / module).with_name(f"test_{Path(module).name}")


MODULES = sorted(
    str(path.relative_to(ROOT)) for floor in FLOORS for path in (ROOT / floor).rglob("*.py") if _does_something(path)
)
TESTS = sorted(
    str(path.relative_to(ROOT / "tests")) for floor in FLOORS for path in (ROOT / "tests" / floor).rglob("test_*.py")
)


@pytest.mark.parametrize("module", MODULES)
def test_every_module_has_its_tests(module: str) -> None:
    """`tests/spec/reading/test_load.py` for `spec/reading/load.py`; who has none is on the list, until it has one."""
    assert _mirror(module).is_file() != (module in WITHOUT_MIRROR)


@pytest.mark.parametrize("test", TESTS)
def test_every_test_file_has_its_module(test: str) -> None:
    """A module that was renamed takes its tests along; who looks at more than one module is on the list."""
    path = ROOT / test
    assert path.with_name(path.name.removeprefix("test_")).is_file() != (test in WITHOUT_MODULE)


def test_the_lists_name_what_is_there() -> None:
    """What was removed is removed from them too."""
    assert set(WITHOUT_MIRROR) <= set(MODULES)
    assert set(WITHOUT_MODULE) <= set(TESTS)
