"""Looks into a metadata database that a dump was read into: its schema, its rows, and what the Fernet key reads."""

import json
import subprocess
from collections.abc import Mapping
from pathlib import Path

from rehearsal.clients.postgres_dump import Instance, ask
from rehearsal.host.errors import RehearsalFailure

LASTING = ("ab_user", "ab_role", "connection", "variable", "slot_pool", "xcom", "dag_run", "task_instance")
"""Tables of which an upgrade may take no row away; others are written anew by Airflow, or cleared."""

_SCHEMA = "SELECT version_num FROM alembic_version"
_HAS_SCHEMA = "SELECT to_regclass('public.alembic_version') IS NOT NULL"
_COUNTING = (
    "SELECT string_agg(format('SELECT %L, count(*) FROM %I.%I', table_name, table_schema, table_name), ' UNION ALL ') "
    "FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'"
)
"""Makes the query that counts the rows of all tables."""
_ENCRYPTED = (
    "SELECT 'connection ' || conn_id, password FROM connection WHERE is_encrypted AND password <> '' UNION ALL "
    "SELECT 'connection ' || conn_id || ' (extra)', extra FROM connection WHERE is_extra_encrypted AND extra <> '' "
    "UNION ALL SELECT 'variable ' || key, val FROM variable WHERE is_encrypted AND val <> ''"
)
_DECRYPT = """
import json, sys
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
given = json.load(sys.stdin)
keys = MultiFernet([Fernet(key.strip()) for key in given["key"].split(",")])
unread = []
for name, value in given["values"]:
    try:
        keys.decrypt(value.encode())
    except InvalidToken:
        unread.append(name)
print(json.dumps(unread))
"""


def schema(instance: Instance) -> str:
    """Return the revision of the database's schema, empty where it has none of Airflow."""
    (there,) = ask(instance, _HAS_SCHEMA)
    found = ask(instance, _SCHEMA) if there == ["t"] else []
    return found[0][0] if found else ""


def rows(instance: Instance) -> Mapping[str, int]:
    """Return how many rows each table has."""
    ((counting,),) = ask(instance, _COUNTING)
    return {table: int(count) for table, count in ask(instance, counting)} if counting else {}


def unreadable(instance: Instance, key: str, python: Path) -> tuple[int, tuple[str, ...]]:
    """Return how many encrypted values there are, and the names of those that the Fernet key does not read.

    `python` has Airflow's own library for that. Raises `RehearsalFailure` for what is no key.
    """
    values = ask(instance, _ENCRYPTED)
    given = json.dumps({"key": key, "values": values})
    done = subprocess.run([python, "-c", _DECRYPT], input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RehearsalFailure(
            "That is no Fernet key.", next_step="It is the value of core.fernet_key: 44 letters, the last of them '='."
        )
    return len(values), tuple(json.loads(done.stdout))
