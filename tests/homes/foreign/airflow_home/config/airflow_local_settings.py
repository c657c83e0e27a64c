"""A policy: every task belongs to the shop, and the log of whoever parses it says so."""

import logging

OWNER = "acme"


def task_policy(task):
    """Airflow calls this for each task that it parses."""
    task.owner = OWNER
    logging.getLogger("acme.policy").warning("%s.%s belongs to %s", task.dag_id, task.task_id, OWNER)
