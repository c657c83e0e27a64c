"""Chooses the module that knows the tables of this Airflow, where those of 2 and 3 differ."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

FAMILY: Any = import_module(
    f"{__package__}.airflow_3" if find_spec("airflow.models.asset") else f"{__package__}.airflow_2"
)
