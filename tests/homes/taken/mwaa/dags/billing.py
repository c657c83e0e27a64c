"""Adds up invoices."""

import datetime

import humanize
from airflow import DAG
from airflow.operators.python import PythonOperator

from lib.rates import RATES

with DAG("billing", start_date=datetime.datetime(2024, 1, 1), schedule=None, catchup=False) as dag:
    PythonOperator(task_id="add", python_callable=lambda: humanize.intcomma(sum(RATES.values())))
