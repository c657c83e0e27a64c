"""The promises of rehearsal/host/namespaces.py."""

import pytest

from rehearsal.host import namespaces


@pytest.mark.rehearsal
def test_options_of_this_machine() -> None:
    """This machine gives private mounts, processes and networks that end with the process outside."""
    options = namespaces.find_unshare_options()
    assert {"--mount", "--pid", "--net", "--kill-child"} <= set(options)
