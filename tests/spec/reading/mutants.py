"""Lets the loader read mutants of the example in a process of its own, and prints its slowest answer and its memory."""

import json
import random
import sys
import time
from pathlib import Path

from spec.errors import SpecRefusal
from spec.reading.load import parse

EXAMPLE = (Path(__file__).parents[3] / "env.example.yaml").read_text(encoding="utf-8")
LETTERS = "{}[]:,-#&*!|>'\"%@`\\\n\t ~?=<0123456789_.eEx\ufeff\x85\u2028é\U0001f32c\x00"
MONSTERS = ("1_" * 4000, "9" * 4000, "[" * 400, "{a: " * 400, "- " * 400, "&a [*a, *a]", "a" * 100_000, "\n" * 2000)
KIB_PER_MIB = 1024


def main(seed: int, count: int) -> None:
    """Read the mutants of a seed; anything but an environment or a refusal ends the process with a traceback."""
    source, slowest, refused = random.Random(seed), 0.0, 0  # noqa: S311  # the mutants are the same in every run
    for _ in range(count):
        text = mutant(source)
        began = time.process_time()
        try:
            parse(text, "env.yaml")
        except SpecRefusal as refusal:
            refused += bool(str(refusal))
        slowest = max(slowest, time.process_time() - began)
    said = {"slowest": slowest, "mebibytes": _peak_kib() / KIB_PER_MIB, "refused": refused}
    sys.stdout.write(json.dumps(said))


def _peak_kib() -> int:
    """Return the most memory that this process had; getrusage would count that of the process which started it too."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
    return int(status["VmHWM"].split()[0])


def mutant(source: random.Random) -> str:
    """Return the example with up to four pieces cut out, and others put in their place."""
    text = EXAMPLE
    for _ in range(source.randint(1, 4)):
        start, length = source.randint(0, len(text)), source.randint(0, 9)
        letters = "".join(source.choices(LETTERS, k=source.randint(0, 4)))
        monster = source.random() < 1 / 20
        text = text[:start] + (source.choice(MONSTERS) if monster else letters) + text[start + length :]
    return text


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
