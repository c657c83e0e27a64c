"""A refusal reads as what, why, next step."""

from spec.errors import Fault, Refusal, SpecRefusal


def test_refusal_joins_its_parts() -> None:
    """Missing parts leave no empty line."""
    assert str(Refusal("a", next_step="c")) == "a\nc"
    assert str(Refusal("a", why="b", next_step="c")) == "a\nb\nc"


def test_fault_names_its_place() -> None:
    """A fault starts as compilers' messages do, so that editors can jump to it."""
    fault = Fault(file="env.yaml", line=3, column=5, path="aws.region", text="x", message="no", hint="yes")
    assert str(fault) == "env.yaml:3:5: aws.region: no\n    yes"


def test_fault_of_the_whole_file_has_no_line() -> None:
    """A fault of the whole file has no line."""
    assert str(Fault(file="env.yaml", message="there is no such file")) == "env.yaml: there is no such file"


def test_a_refusal_counts_its_faults() -> None:
    """The headline says how many mistakes follow, and the exit code is the one for wrong input."""
    fault = Fault(file="env.yaml", line=1, column=1, message="no")
    assert SpecRefusal((fault,)).what == "env.yaml has 1 mistake"
    assert SpecRefusal((fault, fault)).what == "env.yaml has 2 mistakes"
    assert SpecRefusal((fault,)).exit_code == 2


def test_a_refusal_shows_the_first_faults_and_counts_the_others() -> None:
    """Thousands of mistakes fill no screen."""
    refusal = SpecRefusal((Fault(file="env.yaml", line=1, column=1, message="no"),) * 60, more=40)
    assert refusal.what == "env.yaml has 100 mistakes"
    assert (len(refusal.faults), refusal.more) == (50, 50)
    assert refusal.why.endswith("\n… and 50 more")
