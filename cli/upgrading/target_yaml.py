"""Reads an environment YAML as if it named another Airflow release, and tells what would be wrong with it then."""

from collections.abc import Iterator, Mapping

from cli.upgrading.finding import Finding
from spec.errors import SpecRefusal
from spec.reading.load import parse
from spec.reading.positioned_yaml import Document, Path
from spec.releases.table import Release

_VERSION: Path = ("airflow", "version")
_PYTHON: Path = ("airflow", "python")


def yaml_findings(text: str, document: Document, target: Release) -> Iterator[Finding]:
    """Yield the mistakes that the YAML has with the release `target` and a Python of it."""
    python = document.values.get(_PYTHON)
    if python and python.text.strip("\"'") not in target.pythons:
        valid = " or ".join(f'"{one}"' for one in target.pythons)
        message = f"Windsock runs Airflow {target.version} on Python {valid}"
        yield Finding(file=document.file, line=python.line, rule="python", message=message)
    try:
        parse(at_release(text, document, target), document.file)
    except SpecRefusal as refusal:
        for fault in refusal.faults:
            hint = f"; {fault.hint}" if fault.hint else ""
            words = f"{fault.path}: {fault.message}{hint}"
            yield Finding(file=document.file, line=fault.line, rule="yaml", message=words)


def at_release(text: str, document: Document, target: Release) -> str:
    """Return the text of a YAML with the release `target` and a Python of it."""
    return _changed(text, document, {_VERSION: target.version, _PYTHON: target.python})


def _changed(text: str, document: Document, values: Mapping[Path, str]) -> str:
    """Return the text with other values, the last first: what is in front of it keeps its column."""
    lines = text.splitlines(keepends=True)
    places = [(document.values[path], value) for path, value in values.items() if path in document.values]
    for place, value in sorted(places, key=lambda one: (one[0].line, one[0].column), reverse=True):
        line, start = lines[place.line - 1], place.column - 1
        old = next(form for form in (place.text, f'"{place.text}"', f"'{place.text}'") if line.startswith(form, start))
        lines[place.line - 1] = f'{line[:start]}"{value}"{line[start + len(old) :]}'
    return "".join(lines)
