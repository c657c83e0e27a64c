"""An Airflow home: dags/, and perhaps plugins/, config/, include/, airflow.cfg and requirements.txt beside it."""

from pathlib import Path

from cli.starting.project_files import (
    found_beside,
    lines_of,
    needs_secrets_backend,
    requirements_of,
    settings_of,
    split_variables,
    variables_of,
)
from cli.starting.sources.airflow_cfg import options_of
from cli.starting.understood import LeftOut, Understood

title = "an Airflow home"

_UPLOADED = ("dags", "plugins", "config", "include", "webserver_config.py")
_READ = (*("airflow.cfg", "requirements.txt", "packages.txt", "airflow_settings.yaml"), *_UPLOADED)
_OURS = ("env.yaml", "docker", "templates_out", "README.md")
_LEFT = ("logs", "airflow.db", "airflow-webserver.pid", "standalone_admin_password.txt")


def recognises(path: Path) -> bool:
    """Whether it has DAGs."""
    return (path / "dags").is_dir()


def read(path: Path) -> Understood:
    """Read what lies beside the DAGs."""
    requirements, files = requirements_of(path / "requirements.txt")
    variables, others = split_variables(variables_of(path / ".env"), ".env")
    return Understood(
        title=title,
        home=path,
        secrets_backend=needs_secrets_backend(path),
        options={**options_of(path / "airflow.cfg"), **variables},
        requirements=requirements,
        packages=tuple(lines_of(path / "packages.txt")),
        left_out=(
            *files,
            *others,
            *settings_of(path / "airflow_settings.yaml"),
            *found_beside(path, (*_READ, *_OURS, *_LEFT)),
            *(LeftOut(name, "Airflow made it on this machine") for name in _LEFT if (path / name).exists()),
        ),
    )
