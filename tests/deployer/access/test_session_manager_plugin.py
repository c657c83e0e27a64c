"""The plugin gets a terminal and a session; no token is where other users can read it."""

import json
import os
import signal
from pathlib import Path

import pytest

from deployer.access.session_manager_plugin import (
    PROGRAM,
    Plugin,
    PluginRefusal,
    find_plugin,
    interrupts_are_for_the_child,
)
from deployer.aws.exec_sessions import OpenSession

SESSION = OpenSession(
    id="s-1", request={"Target": "ecs:c_t_r"}, endpoint="https://ssm.example", answer='{"TokenValue": "very-secret"}'
)


def _install(folder: Path, version: str, body: str = "") -> str:
    """Put a program in the plugin's place."""
    program = folder / PROGRAM
    program.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo "{version}"; exit; fi\n{body}\n')
    program.chmod(0o755)
    return str(folder)


def test_a_missing_plugin_is_refused(tmp_path: Path) -> None:
    """In one sentence, with the place to download it."""
    with pytest.raises(PluginRefusal, match="session-manager-plugin is not on PATH") as refusal:
        find_plugin("us-west-2", None, str(tmp_path))
    assert "install-plugin" in refusal.value.next_step


@pytest.mark.parametrize("version", ["1.2.497.0", "1.2.30.0", "", "unheard of"])
def test_a_plugin_that_takes_tokens_as_arguments_is_refused(tmp_path: Path, version: str) -> None:
    """Everybody on the machine reads argument lists."""
    with pytest.raises(PluginRefusal, match=r"newer than 1\.2\.497\.0") as refusal:
        find_plugin("us-west-2", None, _install(tmp_path, version))
    assert "argument" in refusal.value.why


@pytest.mark.parametrize("version", ["1.2.497.1", "1.2.764.0", "2"])
def test_a_newer_plugin_is_accepted(tmp_path: Path, version: str) -> None:
    """As the AWS CLI accepts it."""
    assert find_plugin("us-west-2", "dev", _install(tmp_path, version)).profile == "dev"


def test_the_token_travels_in_the_environment(tmp_path: Path) -> None:
    """The arguments name the variable, region, profile, request and endpoint; the exit code comes back."""
    received = tmp_path / "received"
    body = f'printf "%s\\n" "$@" > {received}; echo "$AWS_SSM_START_SESSION_RESPONSE" >> {received}; exit 7'
    plugin = find_plugin("us-west-2", None, _install(tmp_path, "1.2.764.0", body))
    assert plugin.run(SESSION) == 7
    *arguments, variable = received.read_text().splitlines()
    assert arguments == [
        "AWS_SSM_START_SESSION_RESPONSE",
        "us-west-2",
        "StartSession",
        "",
        '{"Target": "ecs:c_t_r"}',
        "https://ssm.example",
    ]
    assert json.loads(variable) == {"TokenValue": "very-secret"}
    assert "AWS_SSM_START_SESSION_RESPONSE" not in os.environ


def test_ctrl_c_reaches_the_plugin_alone(tmp_path: Path) -> None:
    """It does not end Windsock while the plugin runs; afterwards Windsock handles it again."""
    body = "trap 'exit 9' INT; kill -INT $PPID; kill -INT $$; exit 1"
    before = signal.getsignal(signal.SIGINT)
    path = f"{_install(tmp_path, '1.2.764.0', body)}/{PROGRAM}"
    assert Plugin(path, "us-west-2", "").run(SESSION) == 9
    assert signal.getsignal(signal.SIGINT) is before


def test_interrupts_are_handled_again_after_a_failure() -> None:
    """Also when the plugin failed."""
    before = signal.getsignal(signal.SIGINT)
    with pytest.raises(ValueError, match="inside"), interrupts_are_for_the_child():
        raise ValueError("inside")
    assert signal.getsignal(signal.SIGINT) is before
