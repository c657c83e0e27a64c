"""Gives gunicorn, which serves the web interface of Airflow 2, the JSON lines of the other processes."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from .json_log import JsonFormatter


class JsonLogger(Logger):
    """Named in GUNICORN_CMD_ARGS: gunicorn configures its loggers by itself, out of reach of Airflow's settings."""

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in (*self.error_log.handlers, *self.access_log.handlers):
            handler.setFormatter(JsonFormatter())
