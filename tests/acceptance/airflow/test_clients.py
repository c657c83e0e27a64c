"""A client of an environment logs in as its first user."""

import pytest

from acceptance.airflow.clients import client_of_first_user
from rehearsal.clients.airflow_client import AirflowClientFailure
from tests.cli.airflow import PASSWORD, running_airflow
from tests.deployer.fakes.environment import environment


def test_the_first_user_logs_in() -> None:
    """With the password, by the form of the release; another password is refused."""
    with running_airflow() as airflow:
        client = client_of_first_user(environment(), airflow.address, PASSWORD)
        assert client.dags() == {"tutorial"}
        with pytest.raises(AirflowClientFailure, match="did not let 'airflow' log in"):
            client_of_first_user(environment(), airflow.address, "another")
