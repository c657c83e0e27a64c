"""The virtual environments of the emulator itself and of the identity provider beside it."""

import sys
from pathlib import Path

from rehearsal.images import virtualenvs

LOCK_FILE = Path(__file__).with_name("emulator.lock")
IDENTITY_LOCK = Path(__file__).with_name("identity.lock")
NEWEST_PYTHON = (3, 12)
"""The newest Python the wheel with PostgreSQL's programs exists for."""


def emulator_environment(cache: Path) -> Path:
    """The environment MiniStack runs in, built when missing; apart from ours because it pins its own botocore."""
    version = min(sys.version_info[:2], NEWEST_PYTHON)
    python = ".".join(map(str, version))
    return virtualenvs.build("emulator", python=python, requirements=[LOCK_FILE], constraints=None, cache=cache)


def identity_environment(cache: Path) -> Path:
    """The environment of the program that plays an identity provider, built when missing."""
    version = ".".join(map(str, min(sys.version_info[:2], NEWEST_PYTHON)))
    return virtualenvs.build("identity", python=version, requirements=[IDENTITY_LOCK], constraints=None, cache=cache)
