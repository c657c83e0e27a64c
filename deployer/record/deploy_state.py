"""The parameter that says how far an environment was brought: what a later run need not do again."""

import dataclasses
import json
from dataclasses import dataclass

from deployer.aws.session import Session
from deployer.stacks.outputs import Outputs

KEY = "windsock.json"
"""Where the code bucket of an environment holds its marker that has no parameter for it yet."""


@dataclass(frozen=True)
class DeployState:
    """What is done. Every field is empty until it is; each is written after the work it stands for.

    `airflow_version`, `database` and `image` say which database was initialised for which release and last migrated by
    which image; `admin` whose account was made there. `code` is what the file system `file_system` holds, `restart`
    what of it the services read when they started. `run` names the hooks of a run that may still be going on.
    """

    airflow_version: str = ""
    database: str = ""
    image: str = ""
    admin: str = ""
    code: str = ""
    file_system: str = ""
    restart: str = ""
    run: str = ""


NOTHING = DeployState()


def read_deploy_state(session: Session, outputs: Outputs) -> DeployState:
    """Return the marker of an environment, an empty one when there is none yet."""
    noted = _noted(session, outputs)
    if noted != NOTHING:
        return noted
    return _parse(session.s3.get(outputs.code_bucket, KEY))


def write_deploy_state(session: Session, outputs: Outputs, marker: DeployState) -> DeployState:
    """Store the marker and return it."""
    text = json.dumps(dataclasses.asdict(marker), indent=2) + "\n"
    if outputs.marker:
        session.parameters.write(outputs.marker, text)
    else:
        session.s3.put(outputs.code_bucket, KEY, text.encode())
    return marker


def keep_deploy_state(session: Session, outputs: Outputs, known: DeployState) -> None:
    """Write a marker again that an update of the stack has set back to its first value, or has only now made room for.

    CloudFormation writes the whole parameter when one of its properties changes, a tag for example.
    """
    if known != NOTHING and outputs.marker and _noted(session, outputs) == NOTHING:
        write_deploy_state(session, outputs, known)


def _noted(session: Session, outputs: Outputs) -> DeployState:
    return _parse(session.parameters.read(outputs.marker)) if outputs.marker else NOTHING


def _parse(text: str | bytes | None) -> DeployState:
    try:
        given = json.loads(text) if text else {}
    except ValueError:
        given = {}  # what nobody can read says nothing; all that a marker spares can be done again
    known = {field.name for field in dataclasses.fields(DeployState)}
    held = given if isinstance(given, dict) else {}
    return DeployState(**{name: str(value) for name, value in held.items() if name in known})
