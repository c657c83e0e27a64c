"""An airflow.cfg: its options, of which only those count that differ from the release's defaults."""

import configparser
import re
from pathlib import Path

from cli.starting.understood import Understood
from spec.errors import Refusal

title = "an airflow.cfg"

_SUFFIX = ".cfg"
_VERSION = re.compile(r"^#.*?airflow[- _]?v?([0-9]+\.[0-9]+\.[0-9]+)", re.MULTILINE | re.IGNORECASE)


def recognises(path: Path) -> bool:
    """Whether it is a file with that suffix."""
    return path.suffix == _SUFFIX and path.is_file()


def read(path: Path) -> Understood:
    """Read all options; a file that says of which release it is, is believed."""
    text = path.read_text(encoding="utf-8", errors="replace")
    found = _VERSION.search(text)
    return Understood(title=title, version=found[1] if found else "", options=options_of(path))


def options_of(path: Path) -> dict[tuple[str, str], str]:
    """Return the options of the file, none when it does not exist; raises `Refusal`."""
    parser = configparser.ConfigParser(interpolation=None, strict=False, empty_lines_in_values=False)
    try:
        parser.read(path, encoding="utf-8")
    except (configparser.Error, UnicodeDecodeError) as error:
        raise Refusal(
            f"{path} is no airflow.cfg.", why=str(error), next_step="Correct it, and run init again."
        ) from None
    return {(section, key): value for section in parser.sections() for key, value in parser.items(section)}
