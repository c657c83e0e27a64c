"""A DAG that uses what the YAML gives it: a variable, secrets, connections, variables of Airflow, and rights in AWS."""
# ruff: noqa: AIR002  the schedule is among the shared arguments

from __future__ import annotations

import os
from datetime import datetime

import boto3
from botocore.exceptions import ClientError

# Airflow 3 offers these in the task SDK and deprecates their old places; Airflow 2 has only the old places.
try:
    from airflow.sdk import BaseHook, Variable, dag, task
except ImportError:
    from airflow.decorators import dag, task
    from airflow.hooks.base import BaseHook
    from airflow.models import Variable

arguments = {"schedule": None, "start_date": datetime(2021, 1, 1), "catchup": False, "default_args": {"retries": 0}}


def expect(found: object, wanted: object) -> None:
    """Fail where something is not as wanted."""
    if found != wanted:
        message = f"{found!r} is not {wanted!r}"
        raise ValueError(message)


@dag(**arguments)
def needs():
    """Look for everything where DAGs look for it."""

    @task
    def variables() -> None:
        expect(os.environ["STAGE"], "rehearsal")
        expect(os.environ["API_TOKEN"], "token-of-the-seed")
        expect(os.environ["WAREHOUSE_PASSWORD"], 'p@ss/w:rd%1 "and more"')

    @task
    def connections() -> None:
        warehouse = BaseHook.get_connection("warehouse")
        expect((warehouse.conn_type, warehouse.host, warehouse.port), ("postgres", "warehouse.example.com", 5432))
        expect((warehouse.login, warehouse.password, warehouse.schema), ("reader", "p@ss/w:rd%1", "dwh"))
        expect(warehouse.extra_dejson, {"sslmode": "require"})
        lake = BaseHook.get_connection("lake")
        expect((lake.conn_type, lake.extra_dejson), ("aws", {"region_name": "eu-west-1"}))

    @task
    def variables_of_airflow() -> None:
        expect(Variable.get("limits", deserialize_json=True), {"rows": 5})
        expect(Variable.get("greeting"), "hello")

    @task
    def rights() -> None:
        if not boto3.client("s3").list_buckets()["Buckets"]:
            message = "there is no bucket, and the code of this DAG came from one"
            raise ValueError(message)
        try:
            boto3.client("sns").list_topics()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            expect(code.startswith("AuthorizationError") or "AccessDenied" in code, wanted=True)
        else:
            message = "nothing allows this call"
            raise ValueError(message)

    variables()
    connections()
    variables_of_airflow()
    rights()


needs()
