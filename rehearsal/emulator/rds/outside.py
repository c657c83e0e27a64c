"""A PostgreSQL outside of the embedded AWS, as somebody has one already: it comes and goes with the emulator."""

from rehearsal.emulator.context import Context
from rehearsal.emulator.rds.postgres import Login, Postgres
from rehearsal.emulator.rules.connection_rules import ConnectionRules

IDENTIFIER = "outside"
"""The folder of its files, beside those of the instances, whose names are longer."""


def serve(context: Context) -> Postgres | None:
    """Start the server that the settings name, if they name one, under the name and address that it has there."""
    outside = context.settings.outside_database
    if outside is None:
        return None
    login = Login(user=outside.user, password=outside.password, database=outside.name, port=outside.port)
    return Postgres(
        IDENTIFIER,
        login,
        context,
        lambda: ConnectionRules(not outside.takes_clear),
        place=(outside.host, outside.address),
    )
