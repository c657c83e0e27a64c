"""The object in the code bucket that says how far an environment was brought: what a later run need not do again."""

import dataclasses
import json
from dataclasses import dataclass

from deployer.aws.session import Session

KEY = "windsock.json"


@dataclass(frozen=True)
class Marker:
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


def read_marker(session: Session, bucket: str) -> Marker:
    """Return the marker of an environment, an empty one when there is none yet."""
    body = session.s3.get(bucket, KEY)
    known = {field.name for field in dataclasses.fields(Marker)}
    given = json.loads(body) if body else {}
    return Marker(**{name: str(value) for name, value in given.items() if name in known})


def write_marker(session: Session, bucket: str, marker: Marker) -> Marker:
    """Store the marker and return it."""
    session.s3.put(bucket, KEY, (json.dumps(dataclasses.asdict(marker), indent=2) + "\n").encode())
    return marker
