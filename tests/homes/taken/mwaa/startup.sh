#!/bin/sh
# Runs before each process on MWAA.
export AIRFLOW__CORE__DEFAULT_TASK_RETRIES=1
export TEAM_NAME=billing
if [ "$MWAA_AIRFLOW_COMPONENT" = "worker" ]; then
    sudo yum install -y libaio
fi
