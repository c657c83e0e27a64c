"""The steps of a rehearsal: each with its duration and its result."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from rehearsal.host.errors import RehearsalFailure
from spec.errors import Refusal


class StepRefusal(Refusal):
    """A step of the rehearsal failed."""


@dataclass(frozen=True)
class Step:
    """One step that succeeded: how long it took, and what was seen."""

    name: str
    seconds: float
    saw: str


@dataclass
class Notes:
    """What is seen in a step; the step writes it while it runs."""

    saw: str = ""


@dataclass(kw_only=True)
class Steps:
    """The steps that are done. `say` prints a line for the user, `clock` counts seconds.

    `begin` gets name and title of each step, where a program reads them; else `say` prints the title.
    """

    say: Callable[[str], None]
    begin: Callable[[str, str], None] | None = None
    clock: Callable[[], float] = time.monotonic
    done: list[Step] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    """What the user must know at the end, although nothing failed."""

    def remark(self, sentence: str) -> None:
        """Say a sentence now, and keep it for the end."""
        self.say(f"!! {sentence}")
        self.remarks.append(sentence)

    @contextmanager
    def step(self, name: str, title: str, explain: Callable[[], Iterable[str]] = tuple) -> Iterator[Notes]:
        """Time the block. A failure in it is raised again with the step's title and the lines of `explain`."""
        if self.begin:
            self.begin(name, title)
        else:
            self.say(f"-- {title}")
        start = self.clock()
        notes = Notes()
        try:
            yield notes
        except RehearsalFailure as failure:
            why = "\n".join([failure.why, *explain()])
            raise StepRefusal(f"{title}: {failure.what}", why=why, next_step=failure.next_step) from failure
        done = Step(name, round(self.clock() - start, 2), notes.saw)
        self.done.append(done)
        self.say(f"   {done.seconds:6.1f} s  {done.saw}" if done.saw else f"   {done.seconds:6.1f} s")

    @property
    def seconds(self) -> float:
        """How long all steps took together."""
        return sum(step.seconds for step in self.done)
