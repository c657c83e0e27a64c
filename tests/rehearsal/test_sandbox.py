"""The promises of rehearsal/sandbox.py."""

import pytest

from rehearsal import sandbox


@pytest.mark.rehearsal
def test_walls_of_this_machine() -> None:
    """This machine gives private mounts, processes and networks that end with the process outside."""
    walls = sandbox.find_walls()
    assert {"--mount", "--pid", "--net", "--kill-child"} <= set(walls)
