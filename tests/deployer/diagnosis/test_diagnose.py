"""Each planted fault is the first cause of its diagnosis, with the place to change and a next step."""

from collections.abc import Callable
from pathlib import Path

import pytest

from deployer.aws.errors import AwsRefusal
from deployer.diagnosis.cause import Diagnosis
from deployer.diagnosis.diagnose import diagnose
from deployer.diagnosis.gather import Surroundings
from spec.reading.load import parse
from spec.reading.positioned_yaml import dotted
from tests.deployer.diagnosis.faults import FAULTS
from tests.deployer.diagnosis.planting import Fault, prints
from tests.deployer.fakes.environment import DATABASE, YAML, template_set
from tests.deployer.fakes.running import Running
from tests.deployer.fakes.site import fake_site
from tests.life.diagnosing import figures
from tests.life.diagnosing.roster import FAULTS as REHEARSED
from tests.life.diagnosing.roster import OF_CALLER
from tests.life.kept import ROOT

PAGE = ROOT / "docs" / "diagnosis.md"


HEAD = """\
# What a diagnosis recognises

`windsock diagnose ENV` says why an environment does not work, the most probable cause first, and which line to change.
`status`, `deploy` and `push` end with the same sentences when something is wrong.

Below is every fault that the tests plant, with what the diagnosis says of it first. They are planted in an AWS in
memory, in the words of AWS and of Airflow. {named} of {all} name the true cause first.

{rehearsed} of these causes were also named first in a running environment, in {times} ways:
[the figures](diagnosis-figures.md).

| fault | what the diagnosis says | where | what next | seen in a rehearsal |
|---|---|---|---|---|
"""


def _running(fault: Fault) -> Running:
    airflow = 'airflow: {version: 2.5.3, python: "3.10"}'
    text = YAML.replace(airflow, f"{airflow[:-1]}, {fault.airflow}}}") if fault.airflow else YAML
    running = Running(env=parse(text + fault.more + DATABASE, "env.yaml"))
    fault.plant(running)
    return running


def _diagnosis(fault: Fault) -> Diagnosis:
    running = _running(fault)
    with fake_site() as site:
        site.page = fault.page
        surroundings = Surroundings(
            templates=template_set(), web_url=site.url, resolve=lambda _name: fault.resolves, closely=fault.closely
        )
        return diagnose(running.env, running.world.session.as_session, surroundings)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name)
def test_a_planted_fault_is_the_first_cause(fault: Fault) -> None:
    """What else goes wrong because of it stands below; each cause says what shows it and what to do."""
    diagnosis = _diagnosis(fault)
    assert not diagnosis.well
    first = diagnosis.causes[0]
    assert (first.name, first.file or dotted(first.key)) == (fault.name, fault.place)
    assert all(cause.shown_by and cause.next_step for cause in diagnosis.causes)


def test_a_healthy_environment_has_no_cause() -> None:
    """Whatever its processes have printed at their start."""
    healthy = Fault(name="none", planted="nothing", plant=prints("scheduler", "connection refused, trying again"))
    diagnosis = _diagnosis(healthy)
    assert (diagnosis.well, diagnosis.state, diagnosis.causes, diagnosis.unread) == (True, "healthy", (), ())


def test_a_refusal_that_nobody_knows_is_no_diagnosis() -> None:
    """It is told as it is."""
    running = Running()
    running.world.session.cloudformation.on_tick.append(_refuse)
    with pytest.raises(AwsRefusal, match="something new"):
        diagnose(running.env, running.world.session.as_session, Surroundings(templates=template_set()))


def _refuse() -> None:
    raise AwsRefusal("something new", code="New")


def test_what_is_recognised_is_on_the_page(golden: Callable[[Path, str], None]) -> None:
    """With the words of the diagnosis itself."""
    rows, named = [], 0
    names = {**OF_CALLER, **{fault.planted: fault.name for fault in REHEARSED}}
    rehearsed = [names[planted] for planted in figures.PAGE.rows()]
    for fault in FAULTS:
        first = _diagnosis(fault).causes[0]
        named += first.name == fault.name
        place = first.file or dotted(first.key)
        where = f"`{place}`" if place else ""
        also = "yes" if fault.name in rehearsed else ""
        rows.append(f"| {fault.planted} | {_cell(first.what)} | {where} | {_cell(first.next_step)} | {also} |\n")
    assert {*names.values()} <= {fault.name for fault in FAULTS}
    counts = {"rehearsed": len(set(rehearsed)), "times": len(rehearsed)}
    head = HEAD.format(named=named, all=len(FAULTS), **counts)
    golden(PAGE, head + "".join(rows))


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("<", "&lt;")
