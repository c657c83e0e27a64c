#!/bin/bash
# What the entry point of the official image postgres does, with this machine's PostgreSQL: a new data directory gets a
# superuser, a database and a password that everybody needs who comes by the network; one that is there is used as it is.
set -Eeuo pipefail

if [[ ${1:-} == -* ]]; then
    set -- postgres "$@"
fi
if [[ ${1:-} == postgres ]]; then
    if [[ ! -s $PGDATA/PG_VERSION ]]; then
        if [[ -z ${POSTGRES_PASSWORD:-} ]]; then
            echo "Error: Database is uninitialized and superuser password is not specified." >&2
            exit 1
        fi
        user=${POSTGRES_USER:-postgres}
        database=${POSTGRES_DB:-$user}
        mkdir -p "$PGDATA"
        chmod 700 "$PGDATA"
        initdb --pgdata="$PGDATA" --username="$user" --pwfile=<(printf '%s\n' "$POSTGRES_PASSWORD") --no-sync \
            --encoding=UTF8 --locale=C.UTF-8
        printf '\nhost all all all scram-sha-256\n' >>"$PGDATA/pg_hba.conf"
        if [[ $database != postgres ]]; then
            printf 'CREATE DATABASE "%s";\n' "${database//\"/\"\"}" | postgres --single -D "$PGDATA" postgres >/dev/null
        fi
        echo "PostgreSQL init process complete; ready for start up."
    fi
    mkdir -p /var/run/postgresql
    # The emulator ends processes, never this machine: the kernel still writes what they gave it to the disk.
    set -- "$@" -c listen_addresses='*' -c unix_socket_directories=/var/run/postgresql -c fsync=off -c full_page_writes=off
fi
exec "$@"
