"""Bears with an AWS that cannot be reached or throttles, and says so, while a run changes an environment."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from deployer.aws.errors import AwsRefusal
from deployer.aws.polling import Clock

Answer = TypeVar("Answer")

LIMIT_SECONDS = 600.0
"""How long a call is made again; what AWS has begun goes on meanwhile."""
BETWEEN_SECONDS = 5.0


class Patience:
    """Makes a call again while AWS does not answer, as long as somebody listens; else an error is an error at once."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._tell: Callable[[str], None] | None = None

    @contextmanager
    def told_to(self, tell: Callable[[str], None]) -> Iterator[None]:
        """Bear with AWS in this block, and tell when that begins and ends."""
        before, self._tell = self._tell, tell
        try:
            yield
        finally:
            self._tell = before

    def call(self, make: Callable[[], Answer]) -> Answer:
        """Make a call until it is answered. Raises `AwsRefusal` after ten minutes, or when waiting does not help."""
        since: float | None = None
        while True:
            try:
                answer = make()
            except AwsRefusal as error:
                tell, now = self._tell, self._clock.now()
                if tell is None or not error.passes or (since is not None and now - since >= LIMIT_SECONDS):
                    raise
                if since is None:
                    since = now
                    tell(f"{error.what} Trying again for {LIMIT_SECONDS / 60:.0f} minutes; what AWS does goes on.")
                self._clock.sleep(BETWEEN_SECONDS)
                continue
            if since is not None and self._tell is not None:
                self._tell(f"AWS answers again, after {self._clock.now() - since:.0f} seconds.")
            return answer
