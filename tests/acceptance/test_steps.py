"""A step is timed and printed; a failure in it has its title."""

import itertools

import pytest

from acceptance.steps import Step, StepRefusal, Steps
from rehearsal.host.errors import RehearsalFailure
from spec.errors import Refusal


def _steps(*seconds: float) -> tuple[Steps, list[str]]:
    """Return steps that take these seconds, and the lines that they print."""
    said: list[str] = []
    hours = itertools.chain.from_iterable((0.0, taken) for taken in seconds)
    return Steps(say=said.append, clock=lambda: next(hours)), said


def test_a_step_is_printed_before_and_after() -> None:
    """Its title while it goes on, then how long it took and what was seen."""
    steps, said = _steps(1.25)
    with steps.step("login", "Logging in") as notes:
        assert said == ["-- Logging in"]
        notes.saw = "logged in as airflow"
    assert said == ["-- Logging in", "      1.2 s  logged in as airflow"]
    assert steps.done == [Step("login", 1.25, "logged in as airflow")]


def test_a_step_without_result_ends_its_line_with_the_seconds() -> None:
    """The line ends with the seconds."""
    steps, said = _steps(12)
    with steps.step("wait", "Waiting"):
        pass
    assert said[-1] == "     12.0 s"


def test_the_total_is_the_sum_of_all_steps() -> None:
    """The whole is the sum of its steps, to the hundredth, not the time between them."""
    steps, _ = _steps(1.111, 2.222)
    assert steps.seconds == 0
    for name in ("one", "two"):
        with steps.step(name, name):
            pass
    assert steps.seconds == pytest.approx(3.33)


def test_a_failure_is_raised_with_the_title_and_the_explanation() -> None:
    """What, why and next step stay; `explain` is called only after a failure."""
    steps, said = _steps(1)
    with pytest.raises(StepRefusal) as refusal, steps.step("dags", "Running DAGs", lambda: ["log line"]):
        raise RehearsalFailure("No DAG ran.", "It is not there.", "Look into dags/.")
    assert refusal.value.what == "Running DAGs: No DAG ran."
    assert refusal.value.why == "It is not there.\nlog line"
    assert refusal.value.next_step == "Look into dags/."
    assert steps.done == []
    assert said == ["-- Running DAGs"]


def test_a_failure_without_explanation_keeps_its_own_why() -> None:
    """Nothing is added where nothing is known."""
    steps, _ = _steps(1)
    with pytest.raises(StepRefusal) as refusal, steps.step("aws", "Raising"):
        raise RehearsalFailure("No.", "Because.")
    assert refusal.value.why == "Because."


def test_a_successful_step_needs_no_explanation() -> None:
    """Reading logs takes time."""
    steps, _ = _steps(1)
    explained: list[str] = []
    with steps.step("dags", "Running DAGs", lambda: explained):
        explained_before = list(explained)
    assert explained == explained_before == []
    assert len(steps.done) == 1


@pytest.mark.parametrize("error", [Refusal("No."), KeyboardInterrupt()], ids=["refusal", "interrupt"])
def test_refusals_and_interrupts_pass_unchanged(error: BaseException) -> None:
    """A refusal of the deployer says all there is to say, and an interrupt is no failure of the step."""
    steps, _ = _steps(1)
    with pytest.raises(type(error)) as caught, steps.step("deploy", "Deploying"):
        raise error
    assert caught.value is error
    assert steps.done == []


def test_a_remark_is_said_now_and_kept_for_the_end() -> None:
    """Among many lines it would be overlooked."""
    steps, said = _steps()
    steps.remark("No DAG was run.")
    assert said == ["!! No DAG was run."]
    assert steps.remarks == ["No DAG was run."]


def test_a_program_gets_name_and_title_of_each_step() -> None:
    """In the place of the line that begins one."""
    said: list[str] = []
    begun: list[tuple[str, str]] = []
    steps = Steps(say=said.append, begin=lambda name, title: begun.append((name, title)))
    with steps.step("login", "Logging in"):
        assert (begun, said) == ([("login", "Logging in")], [])
