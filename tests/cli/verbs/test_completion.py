"""`windsock completion`: a script for a shell."""

from tests.cli.shell import Windsock


def test_it_prints_a_script(windsock: Windsock) -> None:
    """For the shells that it knows."""
    ran = windsock("completion", "bash")
    assert (ran.code, ran.err) == (0, "")
    assert "complete" in ran.out
    ran = windsock("completion", "cmd.exe")
    assert ran.code == 2
    assert "bash" in ran.err
