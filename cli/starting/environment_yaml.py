"""The YAML that `windsock init` writes: a sound small environment whose comments are the fields' own docstrings."""

import textwrap
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

import jinja2
import yaml

from cli.starting.understood import Size
from spec.reading.model_index import description
from spec.releases.table import NEWEST, Release
from spec.sections.airflow import ConfigValue

SCHEMA = ".windsock/environment.schema.json"
"""Where the JSON schema lies beside the YAML: every colleague's editor finds it there."""

_TEMPLATE = Path(__file__).with_name("environment.yaml.j2")
_WIDTH = 100
_POSTGRES = "16"
_SIZES: Mapping[str, Size] = MappingProxyType({"webserver": (1024, 2048), "scheduler": (1024, 2048)})
_OPTIONAL: Mapping[str, Size] = MappingProxyType({"dag_processor": (512, 1024), "triggerer": (256, 1024)})


@dataclass(frozen=True, kw_only=True)
class Settings:
    """What a new YAML says; `home` and `context` are relative to it.

    With `secrets_backend` Airflow looks for connections and variables in Secrets Manager.
    """

    release: Release = NEWEST
    home: str = "airflow_home"
    context: str = "docker"
    config: Mapping[str, Mapping[str, ConfigValue]] = field(default_factory=dict)
    sizes: Mapping[str, Size] = field(default_factory=dict)
    secrets_backend: bool = False


def environment_yaml(settings: Settings) -> str:
    """Return the text of a new environment YAML."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701  # YAML, not HTML
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        schema=SCHEMA,
        settings=settings,
        config=_config(settings),
        sizes={**_SIZES, **settings.sizes},
        optional={name: size for name, size in _OPTIONAL.items() if name not in settings.sizes},
        processes={**_SIZES, **_OPTIONAL, **settings.sizes},
        postgres=_postgres(settings.release),
        about=_about,
    )


def _postgres(release: Release) -> str:
    """Return the version by default, or the newest that the release was tested with."""
    tested = release.databases["postgres"]
    return _POSTGRES if _POSTGRES in tested else tested[-1]


def _config(settings: Settings) -> str:
    """Return `airflow.config` with its options, or as a comment where there are none."""
    if not settings.config:
        return "  # config:\n  #   core: {parallelism: 4}"
    config = {section: dict(options) for section, options in settings.config.items()}
    return textwrap.indent(yaml.safe_dump({"config": config}, sort_keys=False, width=1000).rstrip(), "  ")


def _about(dotted: str) -> str:
    """Return the docstring of a field as comment lines, indented as its key is."""
    path = tuple(dotted.split("."))
    indent = "  " * (len(path) - 1)
    comment = f"{indent}# "
    return textwrap.fill(
        description(path), _WIDTH, initial_indent=comment, subsequent_indent=comment, break_on_hyphens=False
    )
