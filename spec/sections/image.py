"""The `image` section: what the container image is built from."""

from spec.constrained_types import OwnFolder
from spec.section import Section


class Image(Section):
    """What the container image is built from."""

    context: OwnFolder = "docker"
    """Folder with Dockerfile and requirements.txt, relative to this file; the base image follows from
    `airflow.version` and `airflow.python`. Default docker."""
