"""Runs AWS's session-manager-plugin, the program that speaks the protocol of sessions."""

import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from deployer.aws.exec_sessions import OpenSession
from spec.errors import Refusal

PROGRAM = "session-manager-plugin"

_LAST_WITH_TOKEN_IN_ARGV = (1, 2, 497, 0)
"""Newer ones read the session, and with it the token, from a variable. Source: sessionmanager.py of the AWS CLI."""

_ANSWER_VARIABLE = "AWS_SSM_START_SESSION_RESPONSE"
_INSTALL = (
    "https://docs.aws.amazon.com/systems-manager/latest/userguide/session-manager-working-with-install-plugin.html"
)


class PluginRefusal(Refusal):
    """The plugin is not there, or too old."""


@dataclass(frozen=True)
class Plugin:
    """An installed plugin; it asks AWS on its own, with the same profile."""

    path: str
    region: str
    profile: str

    def run(self, session: OpenSession) -> int:
        """Hand terminal and session to the plugin and return its exit code when the session is over.

        Ctrl-C is the plugin's meanwhile: it ends a tunnel, and goes through to what runs at the other end of a shell.
        """
        request = json.dumps(dict(session.request))
        command = [self.path, _ANSWER_VARIABLE, self.region, "StartSession", self.profile, request, session.endpoint]
        with interrupts_are_for_the_child():
            done = subprocess.run(command, check=False, env={**os.environ, _ANSWER_VARIABLE: session.answer})
        return done.returncode


def find_plugin(region: str, profile: str | None, search_path: str | None = None) -> Plugin:
    """Return the plugin on PATH; raises `PluginRefusal` when there is none that keeps tokens out of argument lists."""
    path = shutil.which(PROGRAM, path=search_path)
    if path is None:
        raise PluginRefusal(
            f"{PROGRAM} is not on PATH.",
            why="AWS leads into containers by sessions of Systems Manager, which this program of AWS's speaks.",
            next_step=f"Install it: {_INSTALL}",
        )
    done = subprocess.run([path, "--version"], check=False, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    version = done.stdout.strip()
    if not re.fullmatch(r"\d+(\.\d+)*", version) or _numbers(version) <= _LAST_WITH_TOKEN_IN_ARGV:
        least = ".".join(map(str, _LAST_WITH_TOKEN_IN_ARGV))
        raise PluginRefusal(
            f"{path} is version {version or 'unknown'}, and one newer than {least} is needed.",
            why="Older ones take the session's token as an argument, where everybody on this machine can read it.",
            next_step=f"Install a newer one: {_INSTALL}",
        )
    return Plugin(path, region, profile or "")


@contextmanager
def interrupts_are_for_the_child() -> Iterator[None]:
    """Let Ctrl-C reach the program that runs inside, which shares our terminal, and not us.

    A handler that does nothing, since a child would inherit that a signal is ignored.
    """
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split("."))
