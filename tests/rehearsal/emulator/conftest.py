"""One emulator for the tests of all its parts, since each of them leaves the stack as it found it."""

from collections.abc import Iterator

import pytest

from tests.rehearsal.yard import WEB, Yard, running_yard


@pytest.fixture(scope="session")
def yard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Yard]:
    """Start an emulator with the stack, and put the web program on its file system."""
    with running_yard(tmp_path_factory.mktemp("yard") / "emulator") as yard:
        yard.run("python", "-c", f"open('/opt/shelf/web.py', 'w').write({WEB!r})")
        yield yard


@pytest.fixture(scope="session")
def serving(yard: Yard) -> Yard:
    """Return the same emulator, with one task of each service."""
    assert yard.change("UPDATE", Count="1") == "UPDATE_COMPLETE"
    return yard
