"""The promises of rehearsal/host/namespaces.py."""

import pytest

from rehearsal.host import namespaces


@pytest.mark.rehearsal
def test_walls_of_this_machine() -> None:
    """This machine gives private mounts, processes and networks that end with the process outside."""
    walls = namespaces.find_walls()
    assert {"--mount", "--pid", "--net", "--kill-child"} <= set(walls)
