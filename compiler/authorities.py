"""The authorities that may vouch for the server of a database, as containers have them."""

from compiler.contract import RUNTIME

DB_AUTHORITIES = "DB_SSL_ROOT_CERT"
"""The variable of the Airflow containers with the file of authorities."""
AUTHORITIES = f"{RUNTIME}/database_tls/authorities"
"""Where every image has those of RDS, one file per region."""
PUBLIC_AUTHORITIES = "/etc/ssl/certs/ca-certificates.crt"
"""Where the official image has those that it trusts: Debian's package ca-certificates."""


def authorities_file(whose: str, region: str) -> str:
    """Return the file in containers with the authorities that certify databases: `rds`, `public`, or a path itself."""
    return {"rds": f"{AUTHORITIES}/{region}.pem", "public": PUBLIC_AUTHORITIES}.get(whose, whose)
