"""The classic tutorial DAG: prints the date, sleeps, and prints what a template made of the run's date."""

from __future__ import annotations

from datetime import datetime, timedelta
from textwrap import dedent

# Airflow 3 moved the DAG class to the task SDK and BashOperator to the standard provider; Airflow 2 has neither.
try:
    from airflow.providers.standard.operators.bash import BashOperator
    from airflow.sdk import DAG
except ImportError:
    from airflow.models.dag import DAG
    from airflow.operators.bash import BashOperator

TEMPLATED_COMMAND = dedent(
    """
    {% for i in range(5) %}
        echo "{{ ds }}"
        echo "{{ macros.ds_add(ds, 7) }}"
    {% endfor %}
    """
)

with DAG(
    dag_id="tutorial",
    description="A simple tutorial DAG",
    doc_md=__doc__,
    schedule=timedelta(days=1),
    start_date=datetime(2021, 1, 1),
    catchup=False,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=5)},
    tags=["example", "rehearse"],
):
    print_date = BashOperator(
        task_id="print_date",
        bash_command="date",
        doc_md="Shows in its log when the task ran.",
    )
    sleep = BashOperator(task_id="sleep", depends_on_past=False, bash_command="sleep 5", retries=3)
    templated = BashOperator(task_id="templated", depends_on_past=False, bash_command=TEMPLATED_COMMAND)

    print_date >> [sleep, templated]
