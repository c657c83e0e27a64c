"""AWS is eventually consistent: the first answers about a thing that was just made lack it.

Sources: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html for tasks, and
https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot.html ("Changes that I make are not always immediately
visible") for roles. The lag is counted in looks from a fixed seed, so that every run is the same.
"""

import random
import threading

SEED = 11
MOST_LOOKS = 3


class Lag:
    """Counts for each new thing how many more looks miss it."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311  the lag is no secret
        self._left: dict[str, int] = {}
        self._lock = threading.Lock()

    def start(self, thing: str) -> None:
        """Let the first looks at a thing miss it, one at least."""
        with self._lock:
            self._left[thing] = self._random.randint(1, MOST_LOOKS)

    def look(self, thing: str) -> bool:
        """Count a look at a thing; return whether it sees it."""
        with self._lock:
            left = self._left.get(thing, 0)
            if left > 1:
                self._left[thing] = left - 1
            else:
                self._left.pop(thing, None)
            return left == 0
