"""The YAML that `windsock init` writes: a sound small environment whose comments are the fields' own docstrings."""

import os
import textwrap
from pathlib import Path

import jinja2

import spec
from spec.reading.model_index import description
from spec.releases.table import NEWEST

_TEMPLATE = Path(__file__).with_name("starter.yaml.j2")
_SCHEMA = Path(spec.__file__).with_name("environment.schema.json")
_WIDTH = 100


def starter(path: Path) -> str:
    """Return the text of a new environment YAML that is to stand at `path`."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701  # YAML, not HTML
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    return template.render(
        schema=os.path.relpath(_SCHEMA, path.absolute().parent),
        release=NEWEST,
        about=_about,
    )


def _about(dotted: str) -> str:
    """Return the docstring of a field as comment lines, indented as its key is."""
    path = tuple(dotted.split("."))
    indent = "  " * (len(path) - 1)
    return textwrap.fill(description(path), _WIDTH, initial_indent=f"{indent}# ", subsequent_indent=f"{indent}# ")
