"""Promises of the workers: a task definition found by its family, and an executor with every setting it needs."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import botocore.session
from botocore.validate import ParamValidator

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

PREFIX = "AIRFLOW__AWS_ECS_EXECUTOR__"


def test_the_executor_starts_the_newest_revision(workers: Case) -> None:
    """It has the family, not a revision: an older one could not start any more."""
    family = workers.definition_of("Worker")["Family"]
    assert family == f"{workers.env.name}-worker"
    assert workers.variables_of("Scheduler")[f"{PREFIX}TASK_DEFINITION"] == family
    assert workers.container_of("Worker")["Name"] == workers.variables_of("Scheduler")[f"{PREFIX}CONTAINER_NAME"]


def test_workers_have_their_own_size_and_role(workers: Case) -> None:
    """A worker is as large as the YAML says, and no other task has its role."""
    definition = workers.definition_of("Worker")
    size = workers.env.workers_or_default
    assert (definition["Cpu"], definition["Memory"]) == (str(size.cpu), str(size.memory))
    others = [workers.definition_of(name)["TaskRoleArn"] for name in ("Scheduler", "Webserver", "Command")]
    assert definition["TaskRoleArn"] not in others


def test_workers_of_airflow_3_have_the_secrets_of_the_yaml_alone(workers: Case) -> None:
    """They talk to the API and do not reach the database; workers of Airflow 2 have the secrets of a scheduler."""
    worker = workers.container_of("Worker")
    names = {secret["Name"] for secret in worker.get("Secrets", ())}
    if workers.env.airflow.release.execution_api:
        assert names == set(workers.env.airflow.secret_sources)
        assert not [name for name in workers.variables_of("Worker") if name.startswith("DB_") or "SQL_ALCHEMY" in name]
        assert "AIRFLOW__CORE__EXECUTION_API_SERVER_URL" in workers.variables_of("Worker")
    else:
        assert {"DB_USER", "DB_PASSWORD", "FERNET_SEED"} <= names


def test_every_process_has_the_options_of_the_executor(workers: Case) -> None:
    """The webserver asks the executor for logs of running tasks, so it must be able to create one."""
    for process in workers.env.processes:
        variables = workers.variables_of("".join(word.capitalize() for word in process.name.split("_")))
        assert variables["AIRFLOW__CORE__EXECUTOR"] == "windsock_runtime.workers.EcsExecutor"
        assert variables[f"{PREFIX}CLUSTER"] == {"Ref": "ClusterName"}


def test_the_run_task_request_is_valid(workers: Case) -> None:
    """The executor's part of the request has the words and types of RunTask."""
    request = json.loads(workers.variables_of("Scheduler")[f"{PREFIX}RUN_TASK_KWARGS"])
    strategy = request.pop("capacity_provider_strategy")
    shape = botocore.session.get_session().get_service_model("ecs").operation_model("RunTask").input_shape
    said = {**request, "capacityProviderStrategy": strategy, "taskDefinition": "x"}
    assert shape is not None
    report = ParamValidator().validate(said, shape)
    assert not report.has_errors(), report.generate_report()
    assert {item["capacityProvider"]: item["weight"] for item in strategy} == (
        workers.env.workers_or_default.capacity.weights
    )


def test_the_cluster_has_the_capacity_of_its_strategy(workers: Case) -> None:
    """A strategy may only name providers that the cluster is associated with."""
    offered = workers.only("AWS::ECS::Cluster")["CapacityProviders"]
    assert set(workers.env.workers_or_default.capacity.weights) <= set(offered)


def test_options_of_the_user_override_the_executors(workers: Case) -> None:
    """What the YAML says wins over the release table."""
    own = workers.env.airflow.config.get("aws_ecs_executor", {}).get("max_run_task_attempts")
    ecs = workers.env.airflow.release.ecs
    assert ecs is not None
    wanted = own or ecs.config["aws_ecs_executor"]["max_run_task_attempts"]
    assert workers.variables_of("Scheduler")[f"{PREFIX}MAX_RUN_TASK_ATTEMPTS"] == str(wanted)


def test_a_scheduler_waits_for_workers_that_no_successor_adopts(workers: Case) -> None:
    """As long as Fargate allows, unless the next scheduler adopts them."""
    ecs = workers.env.airflow.release.ecs
    assert ecs is not None
    assert workers.container_of("Scheduler")["StopTimeout"] == (30 if ecs.adopts else 120)
    assert workers.container_of("Worker")["StopTimeout"] == 120


def test_the_local_executor_has_no_resources_of_workers(smallest: Case) -> None:
    """No family, group, role or option."""
    text = "".join(smallest.templates.files.values())
    assert "Worker" not in text
    assert "AWS_ECS_EXECUTOR" not in text
