"""Makes Airflow 3.0 and 3.1, and the web server in them, write lines of JSON with the names of later releases."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog
import uvicorn.config
from structlog.processors import CallsiteParameter, CallsiteParameterAdder, ExceptionRenderer
from structlog.stdlib import ProcessorFormatter
from structlog.tracebacks import ExceptionDictTransformer

from ..json_log import as_line

# Airflow 3.1 sends everything through structlog; 3.0 does so in tasks only.
try:
    from airflow._shared.logging.structlog import configure_logging, redact_jwt
except ImportError:
    from airflow.sdk.log import redact_jwt

    configure_logging = None


def write_json(config: dict[str, Any]) -> None:
    """Make JSON of what is written by Airflow, whose logging configuration this is, and by uvicorn."""
    json = {"()": f"{__name__}.JsonFormatter"}
    uvicorn.config.LOGGING_CONFIG["formatters"] = {"default": json, "access": json}
    # Python's warnings would otherwise be printed as they are, on several lines.
    logging.captureWarnings(True)
    if configure_logging:
        configure_logging.__kwdefaults__.update(json_output=True, output=sys.stdout.buffer)
        return
    config["formatters"]["json"] = json
    config["handlers"]["console"]["formatter"] = "json"
    structlog.configure(
        processors=[*_STEPS, _render],
        logger_factory=_NamedLogger,
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(config["root"]["level"])),
    )


class _NamedLogger(structlog.PrintLogger):
    """Writes to stdout, and knows the name that it was asked for."""

    def __init__(self, name: str = "", *_: Any) -> None:
        super().__init__()
        self.name = name


def _add_name(logger: Any, _: str, event: dict[str, Any]) -> dict[str, Any]:
    name = event.pop("logger_name", None) or getattr(logger, "name", "")
    event.setdefault("logger", name)
    return event


def _render(_logger: Any, _name: str, event: dict[str, Any]) -> str:
    event.pop("positional_args", None)
    first = {name: event.pop(name) for name in ("timestamp", "level", "logger", "event")}
    return as_line({**first, **event})


_STEPS = (
    structlog.contextvars.merge_contextvars,
    structlog.processors.add_log_level,
    structlog.processors.MaybeTimeStamper(fmt="iso"),
    structlog.stdlib.PositionalArgumentsFormatter(),
    _add_name,
    redact_jwt,
    CallsiteParameterAdder([CallsiteParameter.FILENAME, CallsiteParameter.LINENO]),
    structlog.processors.StackInfoRenderer(),
    ExceptionRenderer(ExceptionDictTransformer(use_rich=False, show_locals=False)),
)


class JsonFormatter(ProcessorFormatter):
    """Renders records of Python's logging like lines of structlog."""

    def __init__(self) -> None:
        super().__init__(
            processors=[ProcessorFormatter.remove_processors_meta, _render],
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *_STEPS],
        )
