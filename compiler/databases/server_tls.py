"""The TLS of a database in a container: a certificate made at its start, and clients that PostgreSQL proves itself to.

Nobody has to hand the certificate on: with `channel_binding=require` a client goes on only with a server that proves,
bound to this one encrypted connection, that it knows the password. Sources: "Secure TCP/IP Connections with SSL" and
"SASL Authentication", https://www.postgresql.org/docs/16/sasl-authentication.html. MySQL has no such proof. Source:
"Configuring MySQL to Use Encrypted Connections", https://dev.mysql.com/doc/refman/8.0/en/using-encrypted-connections.html
"""

from collections.abc import Mapping

from compiler.contract import DB_TLS
from spec.releases.engines import EngineName
from spec.sections.database import Container

FOLDER = "/tmp/windsock-tls"  # noqa: S108  in the container's own file system, which ends with it
KEY, CERTIFICATE, CLIENTS = (f"{FOLDER}/{name}" for name in ("server.key", "server.crt", "pg_hba.conf"))
VALID_DAYS = 3650

_POSTGRES = ("ssl=on", f"ssl_cert_file={CERTIFICATE}", f"ssl_key_file={KEY}", f"hba_file={CLIENTS}")
_ARGUMENTS: Mapping[EngineName, tuple[str, ...]] = {
    "postgres": tuple(word for option in _POSTGRES for word in ("-c", option)),
    "mysql": ("--require-secure-transport=ON",),
}
# PyMySQL encrypts as soon as its address says anything of TLS, and compares no names unless it has authorities.
ENCRYPTED: Mapping[EngineName, str] = {"postgres": "sslmode=require", "mysql": "ssl_check_hostname=false"}

# The package of PostgreSQL's tools, which the official image has, brings openssl. Clients on the socket are in the
# container themselves: the image lets them in without a password too.
_SCRIPT = f"""\
(
  umask 077
  mkdir -p {FOLDER}
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days {VALID_DAYS} -subj /CN=database \\
    -keyout {KEY} -out {CERTIFICATE} 2>{FOLDER}/openssl.log || {{ cat {FOLDER}/openssl.log >&2; exit 1; }}
  printf '%s\\n' 'local all all trust' 'hostssl all all all METHOD' >{CLIENTS}
)
"""


def makes_certificate(database: Container) -> str:
    """Return what the shell does before the server starts; nothing where clients come in clear."""
    if database.encryption == "none" or database.facts.certifies_itself:
        return ""
    return _SCRIPT.replace("METHOD", "scram-sha-256" if database.stores_scram else "md5")


def server_arguments(database: Container) -> tuple[str, ...]:
    """Return the arguments with which the server takes encrypted connections alone."""
    return () if database.encryption == "none" else _ARGUMENTS[database.engine]


def client_variables(database: Container) -> dict[str, str]:
    """Return the variables that tell clients about it."""
    return {} if database.encryption == "none" else {DB_TLS: "require"}


def client_options(database: Container) -> tuple[str, ...]:
    """Return what the address of the database says to the driver."""
    if database.encryption == "none":
        return ()
    proof = ("channel_binding=require",) if database.encryption == "verify" else ()
    return (ENCRYPTED[database.engine], *proof)
