"""The transports into a container: sessions of AWS or, in a kept rehearsal, a direct connection."""

import time
from dataclasses import dataclass
from typing import Protocol

from cli.aws_access.account import kept_of
from cli.command_line.verb import Call
from cli.terminal.screen import Screen
from deployer.access.session_manager_plugin import Plugin, find_plugin, interrupts_are_for_the_child
from deployer.aws.exec_sessions import ExecTarget, OpenSession
from deployer.aws.session import Session
from rehearsal.session import emulator_session, exec_and_forward
from rehearsal.session.emulator_session import EmulatorSession
from spec.errors import Refusal

_LOOK_SECONDS = 1.0


class Transport(Protocol):
    """Gets into a running container."""

    @property
    def by_agent(self) -> bool:
        """Whether the container's ECS Exec agent must be running."""

    def forward(self, target: ExecTarget, destination: tuple[str | None, int], local_port: int, screen: Screen) -> int:
        """Forward a local port to a port of the container or, with a host, of that host; until Ctrl-C."""

    def command(self, target: ExecTarget, command: str) -> int:
        """Run a command in the container, at this terminal; return an exit code."""


@dataclass(frozen=True)
class SessionManagerTransport:
    """Uses Systems Manager, with AWS's own plugin."""

    session: Session
    plugin: Plugin
    by_agent: bool = True

    def forward(self, target: ExecTarget, destination: tuple[str | None, int], local_port: int, screen: Screen) -> int:
        """Mirror the protocol; the plugin says when the port is open."""
        code = self._run(self.session.exec_sessions.forward(target, destination, local_port))
        screen.say("The tunnel is closed.")
        return code

    def command(self, target: ExecTarget, command: str) -> int:
        """Mirror the protocol."""
        return self._run(self.session.exec_sessions.command(target, command))

    def _run(self, opened: OpenSession) -> int:
        try:
            return self.plugin.run(opened)
        except BaseException:  # the plugin ends its own sessions, but it may not have started
            self.session.exec_sessions.end(opened.id)
            raise


@dataclass(frozen=True)
class DirectTransport:
    """Connects to a rehearsal on this machine."""

    emulator: EmulatorSession
    by_agent: bool = False

    def forward(self, target: ExecTarget, destination: tuple[str | None, int], local_port: int, screen: Screen) -> int:
        """Mirror the protocol."""
        host, port = destination
        with exec_and_forward.forward(
            self.emulator, host or target.address, port, local_port, source=target.address if host else ""
        ) as opened:
            screen.say(f"Open at 127.0.0.1:{opened}; Ctrl-C closes it.")
            try:
                while emulator_session.is_alive(self.emulator):
                    time.sleep(_LOOK_SECONDS)
            except KeyboardInterrupt:
                screen.say("The tunnel is closed.")
                return 0
        raise Refusal("The rehearsal has ended, and the tunnel with it.")

    def command(self, target: ExecTarget, command: str) -> int:
        """Mirror the protocol."""
        task = target.task.rpartition("/")[2]
        with interrupts_are_for_the_child():
            return exec_and_forward.run(self.emulator, task, target.container, ("sh", "-c", command))


def transport_for(call: Call, session: Session) -> Transport:
    """Return the transport; raises `PluginRefusal` when it needs the plugin and there is none."""
    if emulator := kept_of(call):
        return DirectTransport(emulator)
    profile = call.options.profile or call.variables.get("AWS_PROFILE")
    return SessionManagerTransport(session, find_plugin(session.region, profile, call.variables.get("PATH")))
