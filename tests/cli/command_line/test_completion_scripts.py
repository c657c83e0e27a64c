"""Shells complete what the verbs declare."""

import shutil
import subprocess

import pytest

from cli.command_line.all_verbs import VERBS
from cli.command_line.completion_scripts import SHELLS, completion_script


@pytest.mark.parametrize("shell", SHELLS)
def test_a_script_knows_verbs_and_options(shell: str) -> None:
    """All of them."""
    script = completion_script(shell)
    assert all(name in script for name in VERBS)
    assert "allow-replace" in script


def test_bash_completes_a_verb() -> None:
    """As bash itself runs the script."""
    bash = shutil.which("bash")
    assert bash
    ask = "COMP_WORDS=(windsock tear) COMP_CWORD=1; _shtab_windsock; echo ${COMPREPLY[@]}"
    done = subprocess.run(
        [bash, "-c", f"{completion_script('bash')}\n{ask}"], capture_output=True, text=True, check=True
    )
    assert done.stdout == "teardown\n"
