"""AWS throttles callers: now and then a call is refused, and the same call is accepted a moment later.

Sources: "Request throttling", Amazon ECS API Reference,
https://docs.aws.amazon.com/AmazonECS/latest/APIReference/request-throttling.html; "Common Errors" (Throttling), AWS
CloudFormation API Reference, https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/CommonErrors.html.
Which calls are refused is counted from a fixed seed, so that every run is the same.
"""

import random
import threading

from rehearsal.emulator.api.signed_request import Denial

SEED = 17
FEWEST, MOST = 80, 160
"""Calls of one service between two refusals."""
SERVICES = frozenset({"cloudformation", "ecs", "elasticloadbalancing", "rds"})
"""As signatures name them: those that a deploy asks again and again."""
THROTTLED = Denial("Throttling", "Rate exceeded")


class Throttle:
    """Counts for each service how many more calls are accepted."""

    def __init__(self) -> None:
        self._random = random.Random(SEED)  # noqa: S311  it is no secret
        self._lock = threading.Lock()
        self._left = {service: self._gap() for service in sorted(SERVICES)}

    def refuse(self, service: str) -> Denial | None:
        """Count a call; return the refusal when it is one too many."""
        if service not in SERVICES:
            return None
        with self._lock:
            self._left[service] -= 1
            if self._left[service]:
                return None
            self._left[service] = self._gap()
        return THROTTLED

    def _gap(self) -> int:
        return self._random.randint(FEWEST, MOST)
