"""The options that Windsock sets, by the releases that have them: those of every environment, and those of `dev`.

Source: configuration reference of each release (airflow.apache.org).
"""

from collections.abc import Mapping

from pydantic import JsonValue

from spec.releases.airflow_options import Config, merge

_CORE: Config = {
    "core": {
        "executor": "LocalExecutor",
        "dags_folder": "/opt/airflow/dags",
        "plugins_folder": "/opt/airflow/plugins",
        "load_examples": False,
    },
    "logging": {
        "base_log_folder": "/opt/airflow/logs",
        "logging_config_class": "windsock_runtime.logging_config.LOGGING_CONFIG",
    },
    "scheduler": {"enable_health_check": True},
}
# The load balancer sets the other forwarding headers; these two it lets through from anybody.
_UNFORWARDED: Mapping[str, JsonValue] = {"proxy_fix_x_host": 0, "proxy_fix_x_prefix": 0}

CONFIG_2: Config = merge(
    _CORE,
    {
        "scheduler": {"dag_dir_list_interval": 30},
        "webserver": {"enable_proxy_fix": True, **_UNFORWARDED, "workers": 2},
    },
)
DEVELOPMENT_2: Config = {
    "core": {
        "dagbag_import_error_traceback_depth": 100,
        "min_serialized_dag_fetch_interval": 0,
        "min_serialized_dag_update_interval": 0,
    },
    "scheduler": {"dag_dir_list_interval": 1, "parsing_cleanup_interval": 2},
}

CONFIG_3: Config = merge(
    _CORE,
    {
        "api": {"enable_swagger_ui": False},  # the load balancer lets nobody through to its pages
        "core": {"auth_manager": "airflow.providers.fab.auth_manager.fab_auth_manager.FabAuthManager"},
        "dag_processor": {"refresh_interval": 30},
        "fab": {"enable_proxy_fix": True, **_UNFORWARDED, "session_backend": "securecookie"},
    },
)
# Without `[logging] json_logs`, modules of runtime/ write the lines.
CONFIG_3_WITHOUT_JSON: Config = merge(
    CONFIG_3, {"core": {"executor": "windsock_runtime.before_json_logs.local_executor.LocalExecutor"}}
)

DEVELOPMENT_3: Config = {
    "core": {"dagbag_import_error_traceback_depth": 100, "min_serialized_dag_update_interval": 0},
    "dag_processor": {
        "bundle_refresh_check_interval": 1,
        "refresh_interval": 1,
        # Without versions: files change in place.
        "dag_bundle_config_list": [
            {"name": "dags-folder", "classpath": "airflow.dag_processing.bundles.local.LocalDagBundle", "kwargs": {}}
        ],
    },
    "scheduler": {"parsing_cleanup_interval": 2},
}
