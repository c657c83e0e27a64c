"""The promises of rehearsal/emulator/patches/rebinding.py."""

import ast
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from rehearsal.emulator.patches import rebinding
from rehearsal.emulator.patches.rebinding import MiniStackChanged, rebind, rebind_action

PATCHES = Path(rebinding.__file__).parent


@pytest.fixture
def service() -> ModuleType:
    """Return a module like those of MiniStack."""

    def stop(task: str, reason: str) -> str:
        return f"{task} {reason}"

    def answer(data: dict[str, Any]) -> dict[str, Any]:
        return data

    module: Any = ModuleType("ministack.services.ecs")
    module.stop, module.delay, module._ACTION_MAP = stop, 1.0, {"RunTask": answer, "Odd": stop}
    found: ModuleType = module
    return found


def test_a_correction_is_made_from_the_original(service: Any) -> None:
    """It may call what it replaces, or replace it altogether."""
    rebind(service, "stop", lambda original: lambda *given: original(*given).upper(), takes="task reason")
    rebind(service, "delay", lambda _: 0.2, takes=None)
    rebind_action(service, "RunTask", lambda original: lambda data: {**original(data), "seen": True})
    assert service.stop("a", "b") == "A B"
    assert service.delay == 0.2
    assert service._ACTION_MAP["RunTask"]({}) == {"seen": True}


def test_a_missing_name_is_named_with_the_pinned_version(service: ModuleType) -> None:
    """One sentence that says what to look for, and in which version it was there."""
    with pytest.raises(MiniStackChanged) as caught:
        rebind(service, "_start", lambda original: original, takes="")
    expected = (
        f"ministack.services.ecs._start is missing; the corrections are for ministack {rebinding.pinned_version()}."
    )
    assert str(caught.value) == f"MiniStack has changed: {expected}"


@pytest.mark.parametrize("takes", ["task", "reason task", "task reason code", ""])
def test_other_parameters_are_refused(service: Any, takes: str) -> None:
    """Fewer, more, or in another order; nothing is replaced then."""
    before = service.stop
    with pytest.raises(MiniStackChanged, match=r"ecs\.stop takes \(task, reason\), not"):
        rebind(service, "stop", lambda _: None, takes=takes)
    assert service.stop is before


def test_something_else_than_a_function_is_refused(service: ModuleType) -> None:
    """A name that has become a constant cannot be called."""
    with pytest.raises(MiniStackChanged, match=r"ecs\.delay is no function"):
        rebind(service, "delay", lambda _: None, takes="")


def test_a_missing_or_different_action_is_refused(service: ModuleType) -> None:
    """An API action takes one request."""
    with pytest.raises(MiniStackChanged, match=r"_ACTION_MAP\['StopTask'\] is missing"):
        rebind_action(service, "StopTask", lambda original: original)
    with pytest.raises(MiniStackChanged, match="not one request"):
        rebind_action(service, "Odd", lambda original: original)
    with pytest.raises(MiniStackChanged, match="is missing"):
        rebind_action(ModuleType("ministack.services.new"), "StopTask", lambda original: original)


def test_the_pinned_version_is_that_of_the_lock_file() -> None:
    """The emulator's virtualenv is built from the same file."""
    assert f"ministack=={rebinding.pinned_version()}" in rebinding.LOCK_FILE.read_text(encoding="utf-8")


@pytest.mark.parametrize("file", sorted(PATCHES.glob("*.py")), ids=lambda file: str(file.stem))
def test_no_correction_rebinds_by_itself(file: Path) -> None:
    """An assignment to an attribute of a MiniStack module would escape the check."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("ministack")
        for alias in node.names
    }
    assert not imported & set(_assigned(tree))
    assert file.name == "rebinding.py" or "setattr" not in {n.id for n in ast.walk(tree) if isinstance(n, ast.Name)}


def _assigned(tree: ast.AST) -> Iterator[str]:
    """Yield the names whose own attributes are assigned."""
    for node in ast.walk(tree):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        for target in targets:
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
                yield target.value.id
