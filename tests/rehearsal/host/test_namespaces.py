"""The promises of rehearsal/host/namespaces.py."""

from pathlib import Path

import pytest

from rehearsal.host import namespaces
from rehearsal.host.errors import RehearsalFailure


@pytest.mark.rehearsal
def test_options_of_this_machine() -> None:
    """This machine gives private mounts, processes and networks that end with the process outside."""
    options = namespaces.find_unshare_options()
    assert {"--mount", "--pid", "--net", "--kill-child"} <= set(options)


def test_a_machine_without_a_packet_filter_is_told_what_to_install(tmp_path: Path) -> None:
    """Nothing is let through for want of a program."""
    for tool in set(namespaces.TOOLS) - {"nft"}:
        (tmp_path / tool).touch(mode=0o755)
    with pytest.raises(RehearsalFailure, match=r"does not have: nft\.[\s\S]*apt-get install nftables"):
        namespaces.require_tools(str(tmp_path))
