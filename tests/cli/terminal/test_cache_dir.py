"""Where the cache is."""

from pathlib import Path

from cli.terminal.cache_dir import cache_root


def test_windsock_cache_comes_before_xdg_cache_home() -> None:
    """The project's own variable wins over the desktop's, which wins over the home folder."""
    home = {"HOME": "/home/x"}
    assert cache_root(home) == Path("/home/x/.cache/windsock")
    assert cache_root({**home, "XDG_CACHE_HOME": "/c"}) == Path("/c/windsock")
    assert cache_root({**home, "XDG_CACHE_HOME": "/c", "WINDSOCK_CACHE": "/w"}) == Path("/w")


def test_an_empty_variable_counts_as_unset() -> None:
    """An empty variable counts as none."""
    assert cache_root({"HOME": "/home/x", "WINDSOCK_CACHE": ""}) == Path("/home/x/.cache/windsock")
