"""The faults that a diagnosis is held to, each with how it is planted in an AWS in memory.

The words of AWS are those of the pages that the modules of `deployer/diagnosis/causes` name, and those of Airflow,
PostgreSQL and their drivers are what they print.
"""

from tests.deployer.diagnosis import faults_of_account, faults_of_airflow, faults_of_tasks

FAULTS = (*faults_of_account.FAULTS, *faults_of_tasks.FAULTS, *faults_of_airflow.FAULTS)
