"""The API of ECS is eventually consistent: the first answers about a task that was just started lack it.

Source: RunTask, Amazon ECS API reference. The lag is counted in looks from a fixed seed, so that every run is the same.
"""

import random
import threading

SEED = 11
MOST_LOOKS = 3


class LateTasks:
    """Counts for each new task how many more looks miss it."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311  the lag is no secret
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    def start(self, arn: str) -> None:
        """Let the first looks at a task miss it, one at least."""
        with self._lock:
            self._left[arn] = self._random.randint(1, MOST_LOOKS)

    def look(self, arn: str) -> bool:
        """Count a look at a task; return whether it sees it."""
        with self._lock:
            left = self._left.get(arn, 0)
            if left > 1:
                self._left[arn] = left - 1
            else:
                self._left.pop(arn, None)
            return left == 0
