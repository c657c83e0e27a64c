"""A finding of lint is printed with its place and its line."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from cli.compiling.compiled import Compiled
from cli.compiling.linting import FindingsRefusal, copies_of_this, findings, findings_of_all, refuse_findings
from compiler.model.template_set import TemplateSet
from tests.deployer.fakes.environment import environment

ROOT = Path(__file__).parents[3]
SOUND = "Resources:\n  Handle:\n    Type: AWS::CloudFormation::WaitConditionHandle\n"
FAULTY = "Resources:\n  Topic:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicNam: demo\n"


def _compiled(network: str) -> Compiled:
    """Return a compiled environment as small as lint allows."""
    files = {"root.yaml": SOUND, "toolkit.yaml": SOUND, "network.yaml": network}
    return Compiled(Path("env.yaml"), environment(), TemplateSet("demo", files, ("network",)))


def test_clean_templates_pass(tmp_path: Path) -> None:
    """What is clean is not refused, and is remembered below the cache."""
    refuse_findings(_compiled(SOUND), tmp_path)
    assert list(findings(_compiled(SOUND), Path("templates_out/demo"), tmp_path)) == []
    assert len(list((tmp_path / "lint").iterdir())) == len(_compiled(SOUND).templates.files)


def test_several_environments_have_their_findings_in_their_order(tmp_path: Path) -> None:
    """Each with the place in its own folder, whichever processor has linted it; what is clean is remembered."""
    environments = [_compiled(text) for text in (SOUND, FAULTY, SOUND, FAULTY.replace("TopicNam", "TopcName"))]
    folders = {id(one): Path(f"out/{number}") for number, one in enumerate(environments)}
    for _ in range(2):
        found = findings_of_all(environments, lambda one: folders[id(one)], tmp_path)
        assert [(one.file, one.line.strip()) for one in found] == [
            ("out/1/network.yaml", "TopicNam: demo"),
            ("out/3/network.yaml", "TopcName: demo"),
        ]
    assert list((tmp_path / "lint").iterdir())


def test_a_process_that_lints_ends_when_it_is_told() -> None:
    """Whatever the program does about SIGTERM: a handler of its own may never run while a process waits for a lock."""
    former = signal.signal(signal.SIGTERM, lambda *_: None)
    try:
        with copies_of_this(1) as pool:
            assert pool.apply(signal.getsignal, (signal.SIGTERM,)) is signal.SIG_DFL
    finally:
        signal.signal(signal.SIGTERM, former)


FROM_ITS_BEGINNING = """
import os, signal
from cli.compiling.linting import copies_of_this
begun = []
os.register_at_fork(after_in_child=lambda: begun.append(signal.pthread_sigmask(signal.SIG_BLOCK, ())))
def of_each(_): return signal.SIGTERM in begun[-1], signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ())
with copies_of_this(1) as pool: print(pool.map(of_each, range(3), chunksize=1))
print(signal.SIGTERM in signal.pthread_sigmask(signal.SIG_BLOCK, ()))
"""


def test_a_process_that_begins_is_told_when_it_has_begun() -> None:
    """Python forgets a signal that comes as a process begins, one that takes the place of another too."""
    command = [sys.executable, "-c", FROM_ITS_BEGINNING]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == [str([(True, False)] * 3), "False"]


def test_a_finding_names_its_place_and_its_line(tmp_path: Path) -> None:
    """The path below the folder of the templates, and the line in the template."""
    (finding,) = findings(_compiled(FAULTY), Path("out/demo"), tmp_path)
    place, line = str(finding).splitlines()
    assert place.startswith("out/demo/network.yaml:5:7: E3002 ")
    assert "'TopicNam' was unexpected" in place
    assert line == "    TopicNam: demo"


def test_findings_are_refused(tmp_path: Path) -> None:
    """All of them are listed, and the template that has them is not cached as clean."""
    with pytest.raises(FindingsRefusal, match=r"templates of env\.yaml") as refusal:
        refuse_findings(_compiled(FAULTY), tmp_path)
    assert "templates_out/demo/network.yaml" in refusal.value.why
    assert "TopicNam: demo" in refusal.value.why
    assert refusal.value.exit_code == 1
    assert len(list((tmp_path / "lint").iterdir())) == len(_compiled(FAULTY).templates.files) - 1
