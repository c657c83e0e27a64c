"""The faults that are planted in a running environment, in their order: the last one ends it."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.life.diagnosing import by_hand, of_airflow, of_tasks

FAULTY = "tests/life/faulty.yaml"
OF_CALLER: Mapping[str, str] = MappingProxyType(
    {
        "the clock of the machine is twenty minutes late": "clock skew",
        "the person has the secret key of somebody else": "wrong credentials",
    }
)
"""Faults of whoever asks, which nobody plants, each with the name of its cause."""

FAULTS = (*of_tasks.FAULTS, *by_hand.FAULTS, *of_airflow.FAULTS)
