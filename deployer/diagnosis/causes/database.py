"""Causes at the database, by what the processes print when they cannot use it.

Source: "PostgreSQL Error Codes", https://www.postgresql.org/docs/16/errcodes-appendix.html, and what drivers print.
"""

from deployer.diagnosis.evidence import Source
from deployer.diagnosis.signs import Sign, looks

_LOG = frozenset({Source.LOG})

LOOKS = looks(
    (
        Sign(
            name="wrong password of the database",
            sources=_LOG,
            # Whoever comes without one is the health check of MySQL, and is right to.
            pattern=r"password authentication failed|Access denied for user .{0,120}using password: YES"
            r"|no password supplied",
            what="The {about} has another password than the database.",
            key="database",
            next_step="Set the password of the database to that of its secret again, then restart with "
            "`windsock deploy ENV`.",
        ),
        Sign(
            name="unknown certificate of the database",
            sources=_LOG,
            pattern=r"SSL error: certificate verify failed|server certificate for .{0,200}does not match host name",
            what="The {about} does not trust the server that answers at the address of the database.",
            key="database.tls",
            next_step="Look whether RDS has a new authority for the instance. If so, set `require` until Windsock "
            "knows it, compile, and deploy; if not, another server answers there.",
        ),
        Sign(
            name="too many connections",
            sources=_LOG,
            pattern=r"too many clients|remaining connection slots|Too many connections|too many connections for role",
            what="The database takes no more connections.",
            key="database.instance",
            next_step="Choose a larger instance, or fewer parallel tasks in airflow.config core.parallelism.",
        ),
        Sign(
            name="full disk of the database",
            sources=_LOG,
            pattern=r"could not (?:extend|write).{0,120}No space left|PANIC:.{0,80}No space left|disk is full",
            what="The disk of the database is full.",
            key="database.storage_gb",
            next_step="Raise it, run `windsock compile ENV`, and deploy.",
        ),
        Sign(
            name="database of another release",
            sources=_LOG,
            pattern=r"You need to (?:initialize|upgrade) the database|Can't locate revision|initialize the database"
            r"|\.UndefinedTable\b|\(1146, ",
            what="The database does not have the tables of this Airflow release.",
            key="airflow.version",
            next_step="Run `windsock deploy ENV`: it migrates the database before it starts the services.",
        ),
        Sign(
            name="wrong Fernet key",
            sources=_LOG,
            pattern=r"cryptography\.fernet\.InvalidToken|Can't decrypt .{0,60}FERNET_KEY",
            what="Connections in the database were encrypted with another Fernet key.",
            key="airflow.secrets",
            next_step="Store the old key again in its secret, or type those connections in anew.",
            although_well=True,
        ),
        Sign(
            name="database does not answer",
            sources=_LOG,
            pattern=r"could not (?:connect to server|translate host name)|[Cc]onnection (?:to server|refused|timed out)"
            r"|timeout expired|server closed the connection|Can't connect to MySQL|Lost connection to MySQL",
            what="The {about} does not reach the database.",
            key="database",
            next_step="Look whether it runs: `windsock status ENV`, then `windsock logs ENV database` for a container.",
        ),
    )
)
