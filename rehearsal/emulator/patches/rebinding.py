"""The only place where names of MiniStack are rebound; a name that is missing or different ends the start."""

import inspect
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

LOCK_FILE = Path(__file__).parents[2] / "images" / "emulator.lock"
ACTIONS = ("_ACTION_MAP", "_ACTION_HANDLERS", "_IAM_HANDLERS")
"""Where a MiniStack service keeps what answers each API action."""

Original = Any
"""A function, class or number of MiniStack."""
Correction = Callable[[Original], Any]
"""Makes the replacement from what it replaces."""


class MiniStackChanged(Exception):
    """MiniStack is not the version that these corrections are for."""

    def __init__(self, what: str) -> None:
        super().__init__(f"MiniStack has changed: {what}; the corrections are for ministack {pinned_version()}.")


def rebind(module: ModuleType, name: str, correct: Correction, *, takes: str | None) -> None:
    """Replace a name of a module of MiniStack.

    Args:
        module: where the name is.
        name: what to replace.
        correct: makes the replacement from the original.
        takes: the names of the original's parameters, separated by blanks; None when it is no function.

    Raises:
        MiniStackChanged: there is no such name, or its parameters are others.
    """
    where = f"{module.__name__}.{name}"
    if not hasattr(module, name):
        raise MiniStackChanged(f"{where} is missing")
    original = getattr(module, name)
    if takes is not None:
        require_parameters(original, where, takes)
    setattr(module, name, correct(original))


def rebind_action(service: ModuleType, action: str, correct: Correction) -> None:
    """Replace what answers an API action of a MiniStack service: a function of one request.

    Raises:
        MiniStackChanged: the service has no such action, or it takes something else.
    """
    table = next((name for name in ACTIONS if hasattr(service, name)), ACTIONS[0])
    where = f"{service.__name__}.{table}[{action!r}]"
    actions = getattr(service, table, {})
    if action not in actions:
        raise MiniStackChanged(f"{where} is missing")
    if len(_parameters(actions[action])) != 1:
        raise MiniStackChanged(f"{where} takes {_parameters(actions[action])}, not one request")
    actions[action] = correct(actions[action])


def require_parameters(original: Original, where: str, takes: str) -> None:
    """Check that a function has exactly these parameters, named in order and separated by blanks.

    Raises:
        MiniStackChanged: it has others.
    """
    if not callable(original):
        raise MiniStackChanged(f"{where} is no function")
    if _parameters(original) != takes.split():
        raise MiniStackChanged(f"{where} takes ({', '.join(_parameters(original))}), not ({', '.join(takes.split())})")


def pinned_version() -> str:
    """Return the version of MiniStack that the emulator's virtualenv contains."""
    match = re.search(r"^ministack==(\S+)", LOCK_FILE.read_text(encoding="utf-8"), re.MULTILINE)
    return match[1] if match else "of no version"


def _parameters(function: Callable[..., Any]) -> list[str]:
    return list(inspect.signature(function).parameters)
