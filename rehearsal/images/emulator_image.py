"""The virtualenvs of the emulator itself and of its identity provider."""

import sys
from pathlib import Path

from rehearsal.images.virtualenvs import Virtualenv

LOCK_FILE = Path(__file__).with_name("emulator.lock")
IDENTITY_LOCK = Path(__file__).with_name("identity.lock")
NEWEST_PYTHON = (3, 12)
"""The newest Python for which there is a wheel with PostgreSQL's programs."""


def emulator_environment(cache: Path) -> Path:
    """MiniStack's virtualenv, built when missing; separate from ours because it pins its own botocore."""
    version = min(sys.version_info[:2], NEWEST_PYTHON)
    python = ".".join(map(str, version))
    return Virtualenv(name="emulator", python=python, requirements=[LOCK_FILE], cache=cache).build()


def identity_environment(cache: Path) -> Path:
    """Return the virtualenv of the identity provider's program; build it when it is missing."""
    version = ".".join(map(str, min(sys.version_info[:2], NEWEST_PYTHON)))
    return Virtualenv(name="identity", python=version, requirements=[IDENTITY_LOCK], cache=cache).build()
