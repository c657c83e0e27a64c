"""The acts of a rehearsal: each timed, each with what was seen in it."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rehearsal.host.errors import RehearsalFailure
from spec.errors import Refusal


class StepRefusal(Refusal):
    """An act of the rehearsal failed."""


@dataclass(frozen=True)
class Step:
    """One act that went well: how long it took, and what was seen."""

    name: str
    seconds: float
    saw: str


@dataclass
class Notes:
    """What an act has to tell; written while it goes on."""

    saw: str = ""


@dataclass
class Steps:
    """The acts so far. `say` tells the user, `clock` counts seconds."""

    say: Callable[[str], None]
    clock: Callable[[], float] = time.monotonic
    acts: list[Step] = field(default_factory=list)

    @contextmanager
    def step(self, name: str, title: str, explain: Callable[[], Iterable[str]] = tuple) -> Iterator[Notes]:
        """Time what happens inside; a failure in it is told with the act's title and what `explain` knows of it."""
        self.say(f"-- {title}")
        start = self.clock()
        notes = Notes()
        try:
            yield notes
        except RehearsalFailure as failure:
            why = "\n".join([failure.why, *explain()])
            raise StepRefusal(f"{title}: {failure.what}", why=why, next_step=failure.next_step) from failure
        act = Step(name, round(self.clock() - start, 2), notes.saw)
        self.acts.append(act)
        self.say(f"   {act.seconds:6.1f} s  {act.saw}" if act.saw else f"   {act.seconds:6.1f} s")

    @property
    def seconds(self) -> float:
        """How long all acts took together."""
        return sum(act.seconds for act in self.acts)
