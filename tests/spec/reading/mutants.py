"""Lets the loader read mutants of the example in a process of its own, and prints its slowest answer and its memory."""

import json
import random
import resource
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
    source, slowest = random.Random(seed), 0.0  # noqa: S311  # the mutants are the same in every run
    for _ in range(count):
        text = mutant(source)
        began = time.process_time()
        try:
            parse(text, "env.yaml")
        except SpecRefusal as refusal:
            str(refusal)
        slowest = max(slowest, time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / KIB_PER_MIB
    sys.stdout.write(json.dumps({"slowest": slowest, "mebibytes": peak}))


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
