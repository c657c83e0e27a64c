"""Every kind of database, by the word of the YAML."""

from collections.abc import Mapping

from deployer.databases import container, external, rds
from deployer.databases.kind import DatabaseKind
from deployer.stacks.outputs import Outputs

DATABASES: Mapping[str, DatabaseKind] = {"rds": rds, "container": container, "external": external}


def deployed_database(outputs: Outputs) -> DatabaseKind:
    """Return the kind of a deployed environment's database, whatever the YAML says now."""
    return next(kind for kind in DATABASES.values() if kind.is_deployed(outputs))
