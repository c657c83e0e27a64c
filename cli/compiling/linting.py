"""Prints the findings of lint in compiled templates, or refuses templates with findings."""

import gc
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, TypeVar

from compiler.lint import Finding, lint
from compiler.model.template_set import TemplateSet
from spec.errors import Refusal

if TYPE_CHECKING:
    from multiprocessing.pool import Pool

_ENDING = (signal.SIGTERM, signal.SIGHUP)
"""The signals that tell a process to end."""


class FindingsRefusal(Refusal):
    """Lint has found something in compiled templates."""


class Linted(Protocol):
    """What was compiled from a YAML: an environment, or the network of several."""

    @property
    def path(self) -> Path:
        """The YAML."""
        ...

    @property
    def templates(self) -> TemplateSet:
        """Its templates."""
        ...

    @property
    def region(self) -> str:
        """Where they are deployed."""
        ...

    @property
    def templates_folder(self) -> Path:
        """Where they lie for review."""
        ...


LintedT = TypeVar("LintedT", bound=Linted)


@dataclass(frozen=True, kw_only=True)
class LintFinding:
    """What lint found, with the YAML of the template, the template's file, and the line that it points at."""

    yaml: str
    file: str
    line: str
    finding: Finding

    def __str__(self) -> str:
        found = self.finding
        return f"{self.file}:{found.line}:{found.column}: {found.rule} {found.message}\n    {self.line}"


@dataclass(frozen=True)
class _Job:
    """Templates to lint for a region, with the folder of clean results."""

    templates: TemplateSet
    region: str
    cache: Path


def findings(compiled: Linted, folder: Path, cache: Path) -> Iterator[LintFinding]:
    """Yield what lint finds, with the place it has in `folder`; clean results are cached below `cache`."""
    yield from _placed(compiled, folder, _lint(_Job(compiled.templates, compiled.region, cache)))


def findings_of_all(
    environments: Sequence[LintedT], folder: Callable[[LintedT], Path], cache: Path
) -> list[LintFinding]:
    """Return what lint finds in several environments; the first loads the rules, then all processors share the rest."""
    jobs = [_Job(compiled.templates, compiled.region, cache) for compiled in environments]
    found = [*map(_lint, jobs[:1]), *_side_by_side(jobs[1:])]
    placed = (_placed(one, folder(one), each) for one, each in zip(environments, found, strict=True))
    return list(chain.from_iterable(placed))


def refuse_findings(compiled: Linted, cache: Path) -> None:
    """Refuse templates in which lint finds something."""
    if found := list(findings(compiled, compiled.templates_folder, cache)):
        raise FindingsRefusal(
            f"Lint finds fault with the templates of {compiled.path}.",
            why="\n".join(map(str, found)),
            next_step="Change the YAML; if it is right, this is a bug in Windsock.",
        )


def _lint(job: _Job) -> tuple[Finding, ...]:
    return lint(job.templates, region=job.region, cache=job.cache / "lint")


def _side_by_side(jobs: Sequence[_Job]) -> Sequence[tuple[Finding, ...]]:
    """Lint on all processors, where processes can start as copies of this one, with the rules that it has loaded.

    Each has a process of its own, whose memory goes with it: no process looks for what it could give back.
    """
    processors = min(os.cpu_count() or 1, len(jobs))
    if processors <= 1 or sys.platform != "linux":
        return [_lint(job) for job in jobs]
    gc.freeze()
    with copies_of_this(processors) as pool:
        return pool.map(_lint, jobs, chunksize=1)


def copies_of_this(processors: int) -> "Pool":
    """Return so many processes that are copies of this one, each for one job; they end at once when they are told to.

    Python forgets a signal that reaches a copy as it begins, and a process that waits for a job would wait for ever. So
    none reaches it until it has begun: a thread of the pool starts the later ones, with what is blocked here and now.
    """
    from multiprocessing import get_context  # noqa: PLC0415  # a single environment needs none

    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        return get_context("fork").Pool(processors, _begin_process, maxtasksperchild=1)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_process() -> None:
    """Leave Ctrl-C to the process that waits, end at once when that one says so, and give back no memory until then.

    What a verb does about SIGTERM, to raise an exception, would be lost on a process that is about to wait for a lock.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for number in _ENDING:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDING)
    gc.disable()


def _placed(compiled: Linted, folder: Path, found: Iterable[Finding]) -> Iterator[LintFinding]:
    for finding in found:
        yield LintFinding(
            yaml=str(compiled.path),
            file=str(folder / finding.file),
            line=_line(compiled, finding),
            finding=finding,
        )


def _line(compiled: Linted, finding: Finding) -> str:
    """Return the line a finding points at: the file on disk may differ."""
    lines = compiled.templates.files.get(finding.file, "").splitlines()
    return lines[finding.line - 1].strip() if 0 < finding.line <= len(lines) else ""
