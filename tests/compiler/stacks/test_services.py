"""Promises of the services: each process runs once, has a health check, and is replaced in its own way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tests.compiler.conftest import Case

SERVICE = "AWS::ECS::Service"
RUNNING = ("Webserver", "Scheduler", "DagProcessor", "Triggerer")


def _service(case: Case, process: str) -> dict[str, Any]:
    return dict(case.resources(SERVICE)[f"{process}Service"]["Properties"])


def test_each_process_of_the_release_is_a_service(smallest: Case, largest: Case) -> None:
    """A release runs its processes, no more: two in the smallest environment, four in the largest."""
    assert list(smallest.resources(SERVICE)) == ["WebserverService", "SchedulerService"]
    assert list(largest.resources(SERVICE)) == [f"{process}Service" for process in RUNNING]


def test_desired_counts_are_parameters(case: Case) -> None:
    """So an environment without a database schema deploys at zero."""
    for title, service in case.resources(SERVICE).items():
        if title == "DatabaseService":
            continue  # it is there before everything that needs it
        assert service["Properties"]["DesiredCount"] == {"Ref": title.replace("Service", "Count")}


def test_every_service_has_a_circuit_breaker_without_rollback(case: Case) -> None:
    """A rollback would start an image that is older than the database."""
    for service in case.resources(SERVICE).values():
        breaker = service["Properties"]["DeploymentConfiguration"]["DeploymentCircuitBreaker"]
        assert breaker == {"Enable": True, "Rollback": False}


def _replacement(case: Case, process: str) -> tuple[int, int, str]:
    service = _service(case, process)
    configuration = service["DeploymentConfiguration"]
    least, most = configuration["MinimumHealthyPercent"], configuration["MaximumPercent"]
    return least, most, service["AvailabilityZoneRebalancing"]


def test_a_single_scheduler_is_never_two(case: Case) -> None:
    """The old scheduler ends before the new one starts, also when ECS would rather balance zones."""
    if case.env.services.scheduler.count is None:
        assert _replacement(case, "Scheduler") == (0, 100, "DISABLED")


def test_several_tasks_of_a_process_are_replaced_in_turn(largest: Case) -> None:
    """ECS balances their zones too, but ends no scheduler for it that runs Airflow tasks itself."""
    assert _replacement(largest, "Scheduler") == (50, 100, "DISABLED")
    assert _replacement(largest, "DagProcessor") == _replacement(largest, "Triggerer") == (50, 150, "ENABLED")
    assert _replacement(largest, "Webserver") == (100, 200, "ENABLED")


def test_the_webserver_is_replaced_without_downtime(case: Case) -> None:
    """A new webserver is healthy before the old one ends."""
    configuration = _service(case, "Webserver")["DeploymentConfiguration"]
    assert (configuration["MinimumHealthyPercent"], configuration["MaximumPercent"]) == (100, 200)


def test_every_container_has_a_health_check(case: Case) -> None:
    """That of its release, with time to start before it counts."""
    for process in case.env.processes:
        title = "".join(part.capitalize() for part in process.name.split("_"))
        check = case.container_of(title)["HealthCheck"]
        assert check["Command"] == ["CMD-SHELL", process.health]
        assert check["StartPeriod"] == process.start_period
        assert 5 <= check["Interval"] <= 300
        assert 2 <= check["Timeout"] <= 60
        assert 1 <= check["Retries"] <= 10
        assert _service(case, title)["HealthCheckGracePeriodSeconds"] == process.start_period


def test_tags_and_shells_reach_tasks(case: Case) -> None:
    """Tasks carry the tags of their service, and a shell in a container can be asked for."""
    for service in case.resources(SERVICE).values():
        assert service["Properties"]["PropagateTags"] == "SERVICE"
        assert service["Properties"]["EnableECSManagedTags"] is True
        assert service["Properties"]["EnableExecuteCommand"] is True


def test_what_runs_tasks_has_the_longest_stop_timeout(case: Case) -> None:
    """Running tasks get no signal of their own, and have all the time that Fargate allows."""
    runner = "Worker" if case.env.executor.has_workers else "Scheduler"
    assert case.container_of(runner)["StopTimeout"] == 120
    assert case.variables_of(runner)["DUMB_INIT_SETSID"] == "0"
    assert "DUMB_INIT_SETSID" not in case.variables_of("Webserver")


def test_a_process_brings_its_own_environment(smallest: Case, largest: Case) -> None:
    """What the release table says a process needs reaches that process alone."""
    for case in (smallest, largest):
        for process in case.env.processes:
            title = "".join(part.capitalize() for part in process.name.split("_"))
            assert process.environment.items() <= case.variables_of(title).items()
    assert "GUNICORN_CMD_ARGS" in smallest.variables_of("Webserver")
    assert "GUNICORN_CMD_ARGS" not in smallest.variables_of("Scheduler")


def test_sizes_are_those_of_the_yaml(largest: Case) -> None:
    """CPU units and MiB come from the YAML, as the strings that ECS wants."""
    scheduler = largest.definition_of("Scheduler")
    assert (scheduler["Cpu"], scheduler["Memory"]) == ("4096", "30720")


def test_browsers_and_tasks_reach_the_webserver(smallest: Case, largest: Case) -> None:
    """The webserver registers with the load balancer, and from Airflow 3 on under the name that tasks look up."""
    for case in (smallest, largest):
        (balancer,) = _service(case, "Webserver")["LoadBalancers"]
        assert (balancer["ContainerName"], balancer["ContainerPort"]) == ("airflow", 8080)
    assert "ServiceRegistries" not in _service(smallest, "Webserver")
    assert _service(largest, "Webserver")["ServiceRegistries"] == [{"RegistryArn": {"Ref": "ApiRegistry"}}]


def test_only_task_runners_mount_logs_writable(mounted: Case) -> None:
    """Other processes mount them read-only, with a role that could not write them either."""
    for process in mounted.env.processes:
        title = "".join(part.capitalize() for part in process.name.split("_"))
        read_only = {point["SourceVolume"]: point["ReadOnly"] for point in mounted.container_of(title)["MountPoints"]}
        assert read_only == {"releases": True, "logs": not process.writes_logs}
        own = "SchedulerRole" if mounted.env.executor.has_workers and process.name == "scheduler" else "TaskRole"
        role = own if process.writes_logs else "ReaderRole"
        assert mounted.definition_of(title)["TaskRoleArn"] == {"Ref": role}
