"""The ECS executors that releases of Airflow have, and what each of them needs.

Source: the executor in apache-airflow-providers-amazon, in the version that each lock in `docker/constraints/` pins.
`airflow_home/config/windsock/workers.py` has it say in a task's log why its worker ended.
"""

from dataclasses import dataclass, replace

from spec.releases.airflow_options import Config, merge


@dataclass(frozen=True)
class EcsExecutor:
    """How a release runs each task as an ECS task of its own.

    `executor` is the class for `[core] executor`, `config` what it needs beyond what every release needs, `needs_files`
    where in the code base it stands. `adopts` says that a new scheduler takes over the workers that an older one
    started; without, Airflow starts those tasks again.
    """

    executor: str
    config: Config
    needs_files: tuple[str, ...]
    adopts: bool


# Who reads the log of a running task waits for the log server of its worker, which has none and is not to be reached.
_ASKS_WORKERS_BRIEFLY = {"log_fetch_timeout_sec": 1}

ECS = EcsExecutor(
    executor="windsock.workers.EcsExecutor",
    config=merge({"aws_ecs_executor": {"check_health_on_startup": True, "max_run_task_attempts": 4}}),
    needs_files=("config/windsock/workers.py",),
    adopts=True,
)
# The scheduler of Airflow 2 does not listen when the executor says that a running task is lost: it waits for the task's
# heartbeats, which come every 5 s, to stay away for this long, by default 300 s.
ECS_WITH_HEARTBEATS = replace(
    ECS,
    config=merge(
        ECS.config, {"scheduler": {"scheduler_zombie_task_threshold": 60}, "webserver": _ASKS_WORKERS_BRIEFLY}
    ),
)
# The executor of provider 8.12.0 adopts nothing, and asks again at each heartbeat: 60 times are five minutes.
# Its scheduler forks with connections to the database in its pool, and a child that drops one over TLS ends the
# parent's too: seen as `bad record mac`, from which the scheduler does not recover. Without a pool there is none.
ECS_WITHOUT_ADOPTION = replace(
    ECS_WITH_HEARTBEATS,
    config=merge(
        ECS_WITH_HEARTBEATS.config,
        {"aws_ecs_executor": {"max_run_task_attempts": 60}, "database": {"sql_alchemy_pool_enabled": False}},
    ),
    adopts=False,
)
# A token is made before its worker exists; Fargate may take its time, and the default lives ten minutes.
# A crowd of workers calls the API server at once: one that gives up after the default of 5 s calls again, is told that
# its task runs already because the first call did arrive, and fails.
ECS_WITH_TOKENS = replace(
    ECS,
    config=merge(
        ECS.config,
        {
            "api": _ASKS_WORKERS_BRIEFLY,
            "execution_api": {"jwt_expiration_time": 3600},
            "workers": {"execution_api_timeout": 30},
        },
    ),
)

# Airflow reads the defaults of a provider's options from 2.7 on.
_SERIALIZER = "airflow.providers.amazon.aws.log.cloudwatch_task_handler.json_serialize_legacy"
CLOUDWATCH_WITHOUT_DEFAULTS = merge({"aws": {"cloudwatch_task_handler_json_serializer": _SERIALIZER}})
