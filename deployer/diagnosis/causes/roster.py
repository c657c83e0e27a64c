"""The roster of causes: what explains most stands first."""

from deployer.diagnosis.cause import Look
from deployer.diagnosis.causes import account, airflow, by_hand, calls, code, database, deployment, site, start

EXPLAINING: tuple[Look, ...] = (
    *calls.LOOKS,
    deployment.not_deployed,
    deployment.missing_roles,
    deployment.no_room,
    by_hand.deleted_parts,
    by_hand.closed_ports,
    by_hand.missing_secrets,
    by_hand.stopped_database,
    *account.LOOKS,
    *start.LOOKS,
    *database.LOOKS,
    *code.LOOKS,
    airflow.import_errors,
    by_hand.switched_off,
    site.certificate,
    site.name_of_site,
    by_hand.changed_parts,
    *start.UNHEALTHY,
    airflow.heartbeat,
    airflow.metadata,
    site.targets,
    deployment.under_way,
)
"""Each names a cause: what else goes wrong with it stands below it."""

UNEXPLAINED: tuple[Look, ...] = (deployment.failed_operation, deployment.unexplained)
"""What is said where no cause is known."""
