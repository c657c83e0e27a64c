"""Where Windsock keeps what it can make again: lint results, environments, crash reports."""

from collections.abc import Mapping
from pathlib import Path


def cache_root(variables: Mapping[str, str]) -> Path:
    """Return `$WINDSOCK_CACHE`, else `$XDG_CACHE_HOME/windsock`, else `~/.cache/windsock`; it need not exist."""
    if selected := variables.get("WINDSOCK_CACHE"):
        return Path(selected).absolute()
    if shared := variables.get("XDG_CACHE_HOME"):
        return Path(shared).absolute() / "windsock"
    return Path(variables.get("HOME", "~")).expanduser().absolute() / ".cache" / "windsock"


def rehearsals_folder(variables: Mapping[str, str]) -> Path:
    """Return where `acceptance.sessions` keeps rehearsals, which costs more to import than most verbs take."""
    return cache_root(variables) / "rehearsals"
