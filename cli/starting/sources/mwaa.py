"""An MWAA source: dags/, plugins.zip, requirements.txt and startup.sh, as in the bucket of Amazon MWAA."""

from pathlib import Path

from cli.starting.project_files import CONSTRAINTS_OF, lines_of, requirements_of, split_variables, variables_of
from cli.starting.understood import LeftOut, Understood

title = "an MWAA source"

_PLUGINS, _STARTUP = "plugins.zip", "startup.sh"


def recognises(path: Path) -> bool:
    """Whether it has DAGs, and a file that only MWAA reads."""
    return (path / "dags").is_dir() and any((path / name).is_file() for name in (_PLUGINS, _STARTUP))


def read(path: Path) -> Understood:
    """Read its files."""
    requirements, files = requirements_of(path / "requirements.txt")
    options, others = split_variables(variables_of(path / _STARTUP), _STARTUP)
    left = [*files, *others]
    if (path / _PLUGINS).is_file():
        left.append(
            LeftOut(_PLUGINS, "Airflow reads a folder here: unpack it to plugins/, and build wheels in it into docker/")
        )
    if (path / _STARTUP).is_file():
        left.append(LeftOut(_STARTUP, "nothing runs it here; what it installs belongs into docker/Dockerfile"))
    return Understood(
        title=title,
        version=_version(path / "requirements.txt"),
        home=path,
        options=options,
        requirements=requirements,
        left_out=tuple(left),
    )


def _version(requirements: Path) -> str:
    """Return the release whose constraints the requirements name; nothing else in the source names one."""
    found = (CONSTRAINTS_OF.search(line) for line in lines_of(requirements))
    return next((match[1] for match in found if match), "")
