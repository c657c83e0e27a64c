"""The faults that are planted in a running environment, in their order: the last one ends it."""

from tests.life.diagnosing import by_hand, of_airflow, of_tasks

FAULTY = "tests/life/faulty.yaml"
OF_CALLER = ("clock skew", "wrong credentials")
"""Those of whoever asks, which plant nothing."""

FAULTS = (*of_tasks.FAULTS, *by_hand.FAULTS, *of_airflow.FAULTS)
