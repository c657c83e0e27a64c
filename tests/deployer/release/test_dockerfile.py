"""What a Dockerfile does besides installing requirements is told, instruction by instruction."""

from pathlib import Path

import pytest

from deployer.release.dockerfile import (
    DockerfileRefusal,
    beyond_requirements,
    env_vars,
    instructions,
    official_images,
    refuse_other_release,
)

SHIPPED = (Path(__file__).parents[3] / "docker" / "Dockerfile").read_text()
OWN = """
USER root
RUN apt-get update \\
    && apt-get install -y libaio1
USER 50000
RUN pip install --no-cache-dir humanize==4.9.0
ENV STAGE=prod DBT_PROFILES_DIR=/opt/airflow/dags/dbt
COPY dbt /opt/dbt
"""
PLAIN = """\
FROM apache/airflow:2.11.2-python3.12
LABEL a=b
USER airflow
COPY --chown=airflow requirements.txt constraints/c.txt /opt/windsock/
RUN pip install --no-cache-dir --requirement /opt/windsock/requirements.txt --constraint "/opt/windsock/c.txt"
"""


def test_the_dockerfile_of_a_new_project_does_nothing_else() -> None:
    """However its arguments are set for another release."""
    changed = SHIPPED.replace("2.5.3-python3.10", "3.3.2-python3.12")
    assert changed != SHIPPED
    assert beyond_requirements(changed, SHIPPED) == ()
    assert env_vars(changed, SHIPPED) == {}


def test_requirements_in_another_form_are_nothing_else() -> None:
    """As people write them by hand, and as older projects have them."""
    assert beyond_requirements(PLAIN, SHIPPED) == ()


def test_instructions_of_ones_own_are_named_with_their_lines() -> None:
    """Those that change what processes see."""
    told = [str(each) for each in beyond_requirements(SHIPPED + OWN, SHIPPED)]
    first = SHIPPED.count("\n") + 3
    assert told == [
        f"line {first}, RUN apt-get update && apt-get install -y libaio1",
        f"line {first + 3}, RUN pip install --no-cache-dir humanize==4.9.0",
        f"line {first + 4}, ENV STAGE=prod DBT_PROFILES_DIR=/opt/airflow/dags/dbt",
        f"line {first + 5}, COPY dbt /opt/dbt",
    ]


@pytest.mark.parametrize(
    "line",
    [
        "RUN pip install -r requirements.txt humanize",
        "COPY requirements.txt dbt /opt/",
        "RUN pip install humanize",
        "ENV A=b",
    ],
)
def test_what_adds_to_the_requirements_is_told(line: str) -> None:
    """A rehearsal that leaves it out must say so."""
    assert len(beyond_requirements(PLAIN + line, SHIPPED)) == 1


def test_variables_are_those_that_a_process_sees() -> None:
    """With what they refer to."""
    assert env_vars(SHIPPED + OWN + "ENV A=${STAGE}-1\n", SHIPPED) == {
        "STAGE": "prod",
        "DBT_PROFILES_DIR": "/opt/airflow/dags/dbt",
        "A": "prod-1",
    }


def test_a_long_instruction_is_cut() -> None:
    """A line of a terminal tells enough."""
    (each,) = instructions("RUN " + "x" * 100)
    assert str(each) == f"line 1, RUN {'x' * 60}…"


def test_official_images_are_found_by_name() -> None:
    """Those that the Dockerfile itself names; the argument is set by whoever builds."""
    assert list(official_images(SHIPPED)) == []
    assert list(official_images(PLAIN + "FROM docker.io/apache/airflow:slim-3.3.2\n")) == [
        "apache/airflow:2.11.2-python3.12",
        "docker.io/apache/airflow:slim-3.3.2",
    ]


def test_another_release_than_the_yamls_is_refused() -> None:
    """Commands and options are those of the YAML's release."""
    refuse_other_release("docker/Dockerfile", PLAIN, "2.11.2")
    refuse_other_release("docker/Dockerfile", SHIPPED, "3.3.2")
    with pytest.raises(
        DockerfileRefusal, match=r"line 1, starts from Airflow 2\.11\.2, and airflow\.version is 3\.3\.2"
    ):
        refuse_other_release("docker/Dockerfile", PLAIN, "3.3.2")
