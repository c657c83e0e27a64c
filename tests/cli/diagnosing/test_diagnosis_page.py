"""A diagnosis is shown with the line to change and the next command, for people and for machines."""

from cli.diagnosing.diagnosis_page import diagnosis_data, diagnosis_text, place_of
from deployer.diagnosis.cause import Cause, Diagnosis
from spec.reading.positioned_yaml import read

DOCUMENT = read("name: demo\nservices:\n  scheduler: {cpu: 512, memory: 1024}\n", "env.yaml")
MEMORY = Cause(
    name="out of memory",
    what="The scheduler needs more memory than it has.",
    next_step="Raise it, run `windsock compile ENV`, and deploy.",
    shown_by=("ECS task, scheduler: exited with 137",),
    key=("services", "scheduler", "memory"),
)
OTHER = Cause(
    name="import error", what="Airflow cannot import a DAG file.", next_step="Correct it.", file="dags/x.py:3"
)
SICK = Diagnosis(name="demo", state="not healthy", causes=(MEMORY, OTHER), unread=("the quotas: not allowed",))


def test_the_first_cause_stands_first_with_its_line() -> None:
    """Then the others, and what could not be read."""
    assert diagnosis_text(SICK, DOCUMENT, "env.yaml").splitlines() == [
        "demo is not healthy.",
        "",
        "The most probable cause:",
        "",
        "  The scheduler needs more memory than it has.",
        "    change  env.yaml:3: services.scheduler.memory",
        "    next    Raise it, run `windsock compile env.yaml`, and deploy.",
        "    seen    ECS task, scheduler: exited with 137",
        "",
        "Also:",
        "",
        "  Airflow cannot import a DAG file.",
        "    change  dags/x.py:3",
        "    next    Correct it.",
        "",
        "This could not be read:",
        "  the quotas: not allowed",
    ]


def test_a_healthy_environment_is_one_sentence() -> None:
    """Nothing is added."""
    well = Diagnosis(name="demo", state="healthy", causes=(), unread=())
    assert diagnosis_text(well, DOCUMENT, "env.yaml") == "demo is healthy."


def test_a_key_that_the_yaml_leaves_out_has_the_line_around_it() -> None:
    """Or none, where even the section is left out; credentials have no place at all."""
    webserver = Cause(name="x", what="x", next_step="x", key=("services", "webserver", "cpu"))
    assert place_of(webserver, DOCUMENT) == "env.yaml:2: services.webserver.cpu, which it does not set"
    network = Cause(name="x", what="x", next_step="x", key=("network", "mode"))
    assert place_of(network, DOCUMENT) == "env.yaml: network.mode, which it does not set"
    assert place_of(Cause(name="x", what="x", next_step="x"), DOCUMENT) == ""


def test_machines_get_the_same_as_plain_values() -> None:
    """Each cause with its name, which stays the same."""
    data = diagnosis_data(SICK, DOCUMENT, "env.yaml --branch b")
    assert (data["well"], data["unread"]) == (False, ["the quotas: not allowed"])
    assert data["causes"][0] == {
        "name": "out of memory",
        "what": "The scheduler needs more memory than it has.",
        "key": "services.scheduler.memory",
        "place": "env.yaml:3: services.scheduler.memory",
        "next": "Raise it, run `windsock compile env.yaml --branch b`, and deploy.",
        "seen": ["ECS task, scheduler: exited with 137"],
    }
