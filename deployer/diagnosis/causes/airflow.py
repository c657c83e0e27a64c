"""Causes in Airflow: files that it cannot import, and components that give no sign of life."""

import re
from collections.abc import Iterator

from deployer.diagnosis.cause import Cause
from deployer.diagnosis.evidence import Evidence
from deployer.releases.report import DagError

_MODULE = re.compile(r"ModuleNotFoundError: No module named '(?P<module>[^'.]+)")
_TOO_LONG = "import timeout"
"""What Airflow says of a file that takes longer than `core.dagbag_import_timeout`."""
_OWN = frozenset({"dags", "plugins", "include"})


def import_errors(evidence: Evidence) -> Iterator[Cause]:
    """Yield the first file that Airflow could not import at its last parse; all of them show it."""
    for error in evidence.import_errors[:1]:
        shown = tuple(f"DAG processor: {one}" for one in evidence.import_errors)
        place = f"{evidence.env.airflow.home}/{error.file}{f':{error.line}' if error.line else ''}"
        module = _MODULE.search(error.message)
        if module and module["module"] not in _OWN:
            yield Cause(
                name="missing requirement",
                what=f"The image lacks the Python package that brings {module['module']}.",
                shown_by=shown,
                file=f"{evidence.env.image.context}/requirements.txt",
                next_step=f"Add it there, or correct the import in {place}; then deploy.",
            )
        else:
            yield _in_file(error, place, shown)


def _in_file(error: DagError, place: str, shown: tuple[str, ...]) -> Cause:
    """Return what is wrong with the file itself."""
    if _TOO_LONG in error.message:
        return Cause(
            name="bad DAG",
            what="A DAG file takes too long to be read.",
            shown_by=shown,
            file=place,
            next_step="Do no work at the top of the file: move it into tasks. Then run `windsock push ENV`.",
        )
    plugin = error.file.startswith("plugins/")
    return Cause(
        name="broken plugin" if plugin else "import error",
        what=f"Airflow cannot import {'a plugin' if plugin else 'a DAG file'}: {error.message.splitlines()[0]}",
        shown_by=shown,
        file=place,
        next_step="Correct it and run `windsock push ENV`.",
    )


def heartbeat(evidence: Evidence) -> Iterator[Cause]:
    """Yield that a component of Airflow gives no sign of life although its tasks run."""
    said = evidence.health.web.components if evidence.health else {}
    silent = [name for name, status in said.items() if status == "unhealthy" and name != "metadatabase"]
    if silent and evidence.complaints:
        process = silent[0]
        yield Cause(
            name="no heartbeat",
            what=f"The {process.replace('_', '-')} runs but has had no heartbeat: it hangs, or is too slow.",
            shown_by=tuple(f"Airflow: {complaint}" for complaint in evidence.complaints),
            key=("services", process, "cpu"),
            next_step=f"Read `windsock logs ENV {process.replace('_', '-')}`; give it more CPU, and deploy.",
        )


def metadata(evidence: Evidence) -> Iterator[Cause]:
    """Yield that Airflow itself says that its database is not healthy."""
    said = evidence.health.web.components if evidence.health else {}
    if said.get("metadatabase") == "unhealthy":
        yield Cause(
            name="database does not answer",
            what="Airflow does not reach its database.",
            shown_by=("Airflow: the metadatabase is unhealthy",),
            key=("database",),
            next_step="Look whether it runs, and at `windsock logs ENV scheduler`.",
        )
