"""Which role a container may ask the metadata endpoint for, by the token in its variables."""

import threading
from dataclasses import dataclass


@dataclass(frozen=True)
class TaskRole:
    """The role of one task."""

    arn: str
    task: str
    """The id of the task, which names the session of the role."""


class TaskRoles:
    """The tokens of all running tasks."""

    def __init__(self) -> None:
        self._roles: dict[str, TaskRole] = {}
        self._lock = threading.Lock()

    def put(self, token: str, role: TaskRole) -> None:
        """Let a token stand for a role."""
        with self._lock:
            self._roles[token] = role

    def find(self, token: str) -> TaskRole | None:
        """Return the role for a token; None when its task has ended, or never was."""
        with self._lock:
            return self._roles.get(token)

    def remove(self, task: str) -> None:
        """Forget the tokens of a task."""
        with self._lock:
            self._roles = {token: role for token, role in self._roles.items() if role.task != task}
