"""The log of a command task whose lines arrive late."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from deployer.aws.logs import LogLine
from deployer.stacks.outputs import Outputs
from tests.deployer.fakes.environment import World, outputs_of
from tests.deployer.fakes.session import FakeLogs, FakeSession


@dataclass
class LateLogs(FakeLogs):
    """Lines that are there from the second look on."""

    said: list[object] = field(default_factory=list)
    looks: int = 0

    def lines(self, group: str, since: float) -> Iterator[LogLine]:
        """Mirror the real client."""
        assert (group, since > 0) == ("command-group", True)
        self.looks += 1
        texts = [one if isinstance(one, str) else json.dumps(one) for one in self.said] if self.looks > 1 else []
        return (LogLine(id="1", time=since, stream="s", text=text) for text in texts)


def late_world(*said: object) -> tuple[World, Outputs]:
    """Return a deployed environment whose command task prints this."""
    world = World(FakeSession(logs=LateLogs(said=list(said))))
    return world, replace(outputs_of(world), log_groups={"command": "command-group"})
