"""Makes every line that an Airflow process writes to its console, also of a task, one JSON object without secrets.

`[logging] logging_config_class` names it, on every release, unless the user's YAML names another. Airflow 3 writes the
JSON by itself from 3.2 on, by `[logging] json_logs = True`, and ignores formatters; what it needs from here is the
masking of secrets.
"""

from __future__ import annotations

import copy
import errno
import logging
from typing import Any

from airflow.config_templates import airflow_local_settings as defaults
from airflow.configuration import conf

from .json_log import JsonFormatter, TaskConsole

# Airflow 3 logs by structlog and masks by its task SDK; Airflow 2 has neither.
try:
    import structlog
    from airflow.sdk.log import mask_logs
except ImportError:
    mask_logs = None


def _for_logging(config: dict[str, Any]) -> dict[str, Any]:
    config["formatters"]["json"] = {"()": JsonFormatter}
    for name in ("console", "processor_to_stdout"):
        config["handlers"][name]["formatter"] = "json"
    # Airflow 2.5 leaves the masker out where it adds the handler of a remote log.
    config["handlers"]["task"].setdefault("filters", config["handlers"]["console"]["filters"])
    if config["handlers"]["task"]["class"].endswith(".CloudwatchTaskHandler"):
        config["handlers"]["task"]["class"] = f"{__package__}.task_logs.PromptTaskHandler"
    config["handlers"]["task_console"] = {
        "()": TaskConsole,
        "formatter": "json",
        # The masker keeps secrets out of this copy as it keeps them out of the task's log file.
        "filters": config["handlers"]["task"]["filters"],
    }
    config["loggers"]["airflow.task"]["handlers"].append("task_console")
    del config["handlers"]["processor"]["class"]
    config["handlers"]["processor"]["()"] = _lines_of_dag_files
    # Python's warnings would otherwise be printed as they are, on several lines.
    logging.captureWarnings(True)
    return config


def _lines_of_dag_files(**options: Any) -> logging.Handler:
    """Return the handler for the lines of DAG files, and one without effect where logs can only be read.

    It makes the folder of the day at once, also in the web server, which parses no DAG files and only reads logs.
    """
    from airflow.utils.log.file_processor_handler import FileProcessorHandler  # noqa: PLC0415  # Airflow 3 has none

    try:
        made: logging.Handler = FileProcessorHandler(**options)
    except OSError as error:
        if error.errno != errno.EROFS:
            raise
        return logging.NullHandler()
    return made


def _for_structlog(config: dict[str, Any]) -> dict[str, Any]:
    if not conf.has_option("logging", "json_logs"):
        from .before_json_logs.console import write_json  # noqa: PLC0415  # Airflow 2 has no structlog

        write_json(config)
    # Handlers are made right after Airflow has set up structlog: the one moment to complete that.
    config["handlers"]["mask_console"] = {"()": _mask_console}
    return config


def _mask_console() -> logging.Handler:
    """Masks secrets in the copy of a task's lines that Airflow 3 writes to stdout, as in the task's log file.

    The copy is written by the scheduler, whose chain of processors lacks the masker. Logging takes this function for
    the maker of a handler; the handler itself has nothing to do.
    """
    *steps, renderer = structlog.get_config()["processors"]
    structlog.configure(processors=[*steps, mask_logs, renderer])
    return logging.NullHandler()


def _remote_task_log() -> Any:
    """Return what Airflow 3 looks for beside the configuration, None where task logs stay where they are written."""
    if (chosen := getattr(defaults, "REMOTE_TASK_LOG", None)) is None:
        return None
    from .remote_log import prompt  # noqa: PLC0415  # Airflow 2 has none

    return prompt(chosen)


REMOTE_TASK_LOG = _remote_task_log()
LOGGING_CONFIG = (_for_structlog if mask_logs else _for_logging)(copy.deepcopy(defaults.DEFAULT_LOGGING_CONFIG))
