"""A tunnel or shell goes through AWS's plugin, except into a rehearsal on this machine."""

import io
import os
from argparse import Namespace
from dataclasses import replace
from pathlib import Path

import pytest

from cli.aws_access.transports import DirectTransport, SessionManagerTransport, transport_for
from cli.command_line.verb import Call
from cli.terminal.screen import Screen
from deployer.access.session_manager_plugin import PROGRAM, Plugin, PluginRefusal
from deployer.aws.exec_sessions import ExecTarget
from rehearsal.host import processes
from rehearsal.host.errors import RehearsalFailure
from tests.acceptance.emulator import NOWHERE, write_down
from tests.deployer.fakes.session import FakeSession

ENTRANCE = ExecTarget(
    cluster="cluster", task="task", container="airflow", runtime_id="runtime", address="10.77.64.9", agent="RUNNING"
)


def _call(**variables: str) -> Call:
    screen = Screen(out=io.StringIO(), err=io.StringIO(), answers=None, colour=False, live=False)
    return Call(screen, Namespace(profile=None), variables)


def _plugin(folder: Path, body: str) -> Path:
    program = folder / PROGRAM
    program.write_text(f'#!/bin/sh\nif [ "$1" = --version ]; then echo 1.2.764.0; exit; fi\n{body}\n')
    program.chmod(0o755)
    return program


def test_a_kept_rehearsal_needs_no_plugin(tmp_path: Path) -> None:
    """It works without the plugin installed."""
    emulator = write_down(tmp_path / "rehearsals" / "demo")
    call = _call(WINDSOCK_CACHE=str(tmp_path), AWS_ENDPOINT_URL=emulator.endpoint_url, PATH="")
    assert transport_for(call, FakeSession().as_session) == DirectTransport(emulator)


def test_aws_requires_the_plugin(tmp_path: Path) -> None:
    """A missing plugin is refused in one sentence; an installed one gets the profile."""
    session = FakeSession().as_session
    with pytest.raises(PluginRefusal, match="session-manager-plugin"):
        transport_for(_call(WINDSOCK_CACHE=str(tmp_path), PATH=str(tmp_path)), session)
    program = _plugin(tmp_path, "exit 0")
    way = transport_for(_call(WINDSOCK_CACHE=str(tmp_path), PATH=str(tmp_path), AWS_PROFILE="dev"), session)
    assert way == SessionManagerTransport(session, Plugin(str(program), "us-west-2", "dev"))


def test_a_tunnel_ends_with_the_plugin(tmp_path: Path) -> None:
    """Its exit code is ours; it ends its session itself."""
    session, call = FakeSession(), _call()
    way = SessionManagerTransport(session.as_session, Plugin(str(_plugin(tmp_path, "exit 3")), "us-west-2", ""))
    assert way.forward(ENTRANCE, ("db.internal", 5432), 15432, call.screen) == 3
    assert session.exec_sessions.forwards == [(ENTRANCE, ("db.internal", 5432), 15432)]
    assert session.exec_sessions.ended == []


def test_a_session_without_a_plugin_is_ended(tmp_path: Path) -> None:
    """Otherwise AWS would keep it open for twenty minutes."""
    session = FakeSession()
    way = SessionManagerTransport(session.as_session, Plugin(str(tmp_path / "gone"), "us-west-2", ""))
    with pytest.raises(FileNotFoundError):
        way.command(ENTRANCE, "bash")
    assert session.exec_sessions.ended == ["s-1"]


def test_a_tunnel_into_an_ended_rehearsal_is_refused(tmp_path: Path) -> None:
    """Its emulator no longer answers."""
    emulator = replace(NOWHERE, directory=tmp_path, web_url="http://127.0.0.1:1", web_port=1, pid=os.getpid())
    assert processes.born(emulator.pid) != emulator.born
    with pytest.raises(RehearsalFailure, match=r"Nobody listens at 10\.77\.64\.9:8080"):
        DirectTransport(emulator).forward(ENTRANCE, (None, 8080), 0, _call().screen)
