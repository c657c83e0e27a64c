"""The DAG files are tried where the caller can, and nowhere else."""

from dataclasses import dataclass, field, replace

from deployer.release.airflow_home import Code
from deployer.steps.code.imports import TryImports
from tests.deployer.fakes.observed import CODE
from tests.deployer.fakes.running import Running

STEP = TryImports(reason="this machine can tell it first", code=CODE, build=True)


@dataclass
class Imports:
    """Finds no error, and records what it is asked."""

    asked: list[tuple[Code, bool]] = field(default_factory=list)

    def check(self, code: Code, *, build: bool) -> None:
        """Record it."""
        self.asked.append((code, build))


def test_the_caller_tries_the_code_of_the_plan() -> None:
    """And knows whether a build is worth it; nothing else is known then."""
    running, imports = Running(), Imports()
    facts = running.facts()
    assert STEP.execute(replace(running.context, imports=imports), facts) == facts
    assert imports.asked == [(CODE, True)]
    assert running.progress.phases == ["imports"]


def test_a_rehearsal_tries_nothing_before() -> None:
    """It has a container parse the files later, and no phase shows."""
    running = Running()
    assert STEP.execute(running.context, running.facts()) == running.facts()
    assert running.progress.phases == []
