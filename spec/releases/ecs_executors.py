"""The ECS executors of the Airflow releases, and what each of them needs.

Source: the executor in apache-airflow-providers-amazon, in the version that each lock in `docker/constraints/` pins.
`runtime/workers.py` extends it: a task's log says why its worker ended.
"""

from typing import NamedTuple

from spec.releases.airflow_options import Config, merge


class EcsExecutor(NamedTuple):
    """How a release runs each task as an ECS task of its own.

    `executor` is the class for `[core] executor`, `config` the options that it needs besides those of the release.
    `adopts` says that a new scheduler takes over the workers that an older one started; otherwise Airflow starts those
    tasks again.
    """

    executor: str
    config: Config
    adopts: bool


# A reader of the log of a running task waits for the log server of its worker, which has none.
_SHORT_LOG_TIMEOUT = {"log_fetch_timeout_sec": 1}

ECS = EcsExecutor(
    executor="windsock_runtime.workers.EcsExecutor",
    config=merge({"aws_ecs_executor": {"check_health_on_startup": True, "max_run_task_attempts": 4}}),
    adopts=True,
)
# The scheduler of Airflow 2 does not listen when the executor says that a running task is lost: it waits for the task's
# heartbeats, which come every 5 s, to stay away for this long, by default 300 s.
ECS_WITH_HEARTBEATS = ECS._replace(
    config=merge(ECS.config, {"scheduler": {"scheduler_zombie_task_threshold": 60}, "webserver": _SHORT_LOG_TIMEOUT}),
)
# The scheduler forks with database connections in its pool. A child that closes one over TLS breaks the parent's (`bad
# record mac`), or reads the answer to another's question (`NoSuchColumnError`), and the scheduler does not recover.
# Without a pool there is no such connection.
ECS_WITHOUT_POOL = ECS_WITH_HEARTBEATS._replace(
    config=merge(ECS_WITH_HEARTBEATS.config, {"database": {"sql_alchemy_pool_enabled": False}})
)
# The executor before provider 8.20 adopts nothing, and asks again at each heartbeat: 60 times are five minutes.
ECS_WITHOUT_ADOPTION = ECS_WITHOUT_POOL._replace(
    config=merge(ECS_WITHOUT_POOL.config, {"aws_ecs_executor": {"max_run_task_attempts": 60}}),
    adopts=False,
)
# Airflow makes a token before its worker exists. Fargate may need a while, and a token lives ten minutes by default.
ECS_WITH_TOKENS = ECS._replace(
    config=merge(ECS.config, {"execution_api": {"jwt_expiration_time": 3600}, "webserver": _SHORT_LOG_TIMEOUT}),
)
# Many workers call the API server at once. A worker that gives up after the default of 5 s calls again; if the first
# call did arrive, the server answers that the task runs already, and the worker fails.
ECS_WITH_API_TIMEOUT = ECS._replace(
    config=merge(
        ECS.config,
        {
            "api": _SHORT_LOG_TIMEOUT,
            "execution_api": {"jwt_expiration_time": 3600},
            "workers": {"execution_api_timeout": 30},
        },
    ),
)

# Airflow reads the defaults of a provider's options from 2.7 on.
_SERIALIZER = "airflow.providers.amazon.aws.log.cloudwatch_task_handler.json_serialize_legacy"
CLOUDWATCH_WITHOUT_DEFAULTS = merge({"aws": {"cloudwatch_task_handler_json_serializer": _SERIALIZER}})
