"""The `services` section: how large each Airflow process is, and how many of it run."""

from typing import Annotated, Self

from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic.config import JsonDict

from spec.aws_facts.fargate_sizes import MEMORY_BY_CPU
from spec.section import Section, offered, refuse

MOST_TASKS = 100
"""More tasks than that of one process would wait for each other's locks in the database."""

_PAIRS: JsonDict = {
    "allOf": [
        {
            "if": {"properties": {"cpu": {"const": cpu}}},
            "then": {"properties": {"memory": {"enum": list(memory)}}},
        }
        for cpu, memory in MEMORY_BY_CPU.items()
    ]
}


class Service(Section):
    """The size of one Fargate task."""

    model_config = ConfigDict(json_schema_extra=_PAIRS)

    cpu: Annotated[int, offered(MEMORY_BY_CPU)]
    """CPU units, 1024 being one vCPU. Valid: 256, 512, 1024, 2048, 4096, 8192, 16384. No default."""

    memory: int
    """Memory in MiB; which values are valid follows from `cpu`. No default.
    Source: "Task CPU and memory", Amazon ECS Developer Guide."""

    @field_validator("cpu")
    @classmethod
    def _offered_cpu(cls, value: int) -> int:
        if value not in MEMORY_BY_CPU:
            refuse(f"Fargate has no size of {value} CPU units", hint="valid: " + ", ".join(map(str, MEMORY_BY_CPU)))
        return value

    @field_validator("memory")
    @classmethod
    def _offered_pair(cls, value: int, info: ValidationInfo) -> int:
        cpu = info.data.get("cpu")
        if cpu is not None and value not in MEMORY_BY_CPU[cpu]:
            refuse(
                f"Fargate does not sell {value} MiB with {cpu} CPU units",
                hint="valid: " + ", ".join(map(str, MEMORY_BY_CPU[cpu])),
            )
        return value

    @classmethod
    def of(cls, cpu: int, memory: int) -> Self:
        """Return a size: `cpu` in units, `memory` in MiB."""
        return cls(cpu=cpu, memory=memory)


class Replicated(Service):
    """The size of one Fargate task of a process, and how many of them run."""

    count: Annotated[int, Field(ge=1, le=MOST_TASKS)] | None = None
    """How many tasks of the process run, 1 to 100, spread over the availability zones. From 2 on some of them run
    while others are replaced, and when a zone fails. Default 1, or as many as somebody has set by hand."""


class Services(Section):
    """How large each Airflow process is, and how many run; a process that the release does not have is refused."""

    webserver: Replicated = Replicated.of(512, 1024)
    """Web server (`airflow webserver`, from 3.0 on `airflow api-server`). Default 512 CPU units, 1024 MiB."""

    scheduler: Replicated = Replicated.of(1024, 2048)
    """Scheduler; with the local executor it also runs the tasks. Default 1024 CPU units, 2048 MiB."""

    dag_processor: Replicated | None = None
    """DAG processor, a process of its own from Airflow 3.0 on. Default there 512 CPU units, 1024 MiB."""

    triggerer: Replicated | None = None
    """Triggerer, for deferrable operators; always there from Airflow 3.0 on, in 2.x when it is named here.
    Default 256 CPU units, 1024 MiB."""
