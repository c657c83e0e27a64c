"""`windsock open`: the page of an environment; whole rehearsals open it and read the password."""

import io
from argparse import Namespace
from pathlib import Path

import pytest

from cli.command_line.verb import Call
from cli.terminal.screen import Screen
from cli.verbs.open import address
from spec.errors import Refusal
from tests.acceptance.emulator import write_down


def _call(**variables: str) -> Call:
    screen = Screen(out=io.StringIO(), err=io.StringIO(), answers=None, colour=False, live=False)
    return Call(screen, Namespace(env="env.yaml", branch=None), variables)


def test_the_page_is_where_the_rehearsal_shows_it(tmp_path: Path) -> None:
    """On AWS it is where the load balancer is."""
    emulator = write_down(tmp_path / "rehearsals" / "demo")
    assert address(_call(WINDSOCK_CACHE=str(tmp_path)), "demo", "http://lb") == "http://lb"
    kept = _call(WINDSOCK_CACHE=str(tmp_path), AWS_ENDPOINT_URL=emulator.endpoint_url)
    assert address(kept, "demo", "http://lb") == emulator.web_url


def test_an_environment_without_a_load_balancer_has_no_page(tmp_path: Path) -> None:
    """A tunnel leads there; nothing is printed that looks like an address."""
    with pytest.raises(Refusal, match="without a load balancer") as refusal:
        address(_call(WINDSOCK_CACHE=str(tmp_path)), "demo", "")
    assert "`windsock tunnel env.yaml web`" in refusal.value.next_step
