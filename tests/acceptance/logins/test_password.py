"""The login `password` needs nothing but Airflow's own form."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, cast

import pytest

from acceptance.logins.password import PasswordKind
from acceptance.logins.roster import LOGINS
from acceptance.steps import StepRefusal, Steps
from rehearsal.clients.airflow_client import AirflowClient, AirflowClientFailure, WebFacts
from spec.reference.json_schema import json_schema
from tests.acceptance.emulator import NOWHERE
from tests.cli.airflow import PASSWORD, Airflow, running_airflow
from tests.deployer.fakes.environment import environment

if TYPE_CHECKING:
    from deployer.aws.session import Session


def test_every_kind_of_login_is_known() -> None:
    """The roster has the words of the YAML's section."""
    definitions = json.loads(json_schema())["$defs"]
    assert set(LOGINS) == {definitions[name]["properties"]["kind"]["const"] for name in ("Password", "Google", "Oidc")}


def test_the_emulator_runs_no_identity_provider(tmp_path: Path) -> None:
    """Nothing is built, and a browser needs no certificate."""
    assert PasswordKind().identity(environment(), tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    assert PasswordKind().variables(NOWHERE) == {}


def test_it_adds_no_step_to_a_rehearsal() -> None:
    """There is no OAuth client to store, no session of the load balancer, and nobody else to log in."""
    steps = Steps(say=lambda _: None)
    login = LOGINS["password"].login(environment(), NOWHERE)
    login.prepare(cast("Session", None), lambda: pytest.fail("a deploy was not asked for"), steps)
    assert login.pass_load_balancer(steps, tuple) == {}
    login.check_people(steps, tuple)
    assert steps.done == []


WEB = WebFacts(health_path="/health", api_path="/api/v1", login="session")


@pytest.fixture
def airflow() -> Iterator[Airflow]:
    """Run a web server with its own form."""
    with running_airflow() as airflow:
        yield airflow


def test_the_first_user_logs_in_with_the_form_and_reads_pages(airflow: Airflow) -> None:
    """The right password opens the sample page, since the first user is an Admin; a wrong one is refused."""
    login, client = PasswordKind().login(environment(), NOWHERE), AirflowClient(airflow.address, WEB)
    with pytest.raises(AirflowClientFailure):
        login.log_in(client, "airflow", "wrong")
    assert login.log_in(client, "airflow", PASSWORD) == "logged in as airflow"
    assert login.shows_plugins(client)
    assert "Hello, world!" in login.read_page(client, "/hello/")


def test_where_people_log_in_elsewhere_the_first_user_is_a_program(airflow: Airflow) -> None:
    """As with GitHub in a webserver_config.py; nobody opens pages then."""
    airflow.form = '<a href="/login/github">GitHub</a>'
    login, client = PasswordKind().login(environment(), NOWHERE), AirflowClient(airflow.address, WEB)
    assert "the REST API knows airflow" in login.log_in(client, "airflow", PASSWORD)
    assert not login.shows_plugins(client)


def test_a_rest_api_without_passwords_is_told_with_the_option_that_it_lacks(airflow: Airflow) -> None:
    """A rehearsal has no other way in."""
    airflow.form, airflow.asks_programs = '<a href="/login/github">GitHub</a>', True
    login, client = PasswordKind().login(environment(), NOWHERE), AirflowClient(airflow.address, WEB)
    with pytest.raises(StepRefusal, match="takes no password") as refusal:
        login.log_in(client, "airflow", PASSWORD)
    assert 'airflow: {config: {"api": {"auth_backends"' in refusal.value.next_step
