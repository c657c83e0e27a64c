#!/bin/bash
# What the entry point of the official image mysql does, with this machine's MariaDB: a new data directory gets a root
# password, a database and a user for it; one that is there is used as it is.
set -Eeuo pipefail

quoted() { # quoted TEXT: as SQL spells it
    local text=${1//\\/\\\\}
    printf "'%s'" "${text//\'/\'\'}"
}

statements() { # the statements for a new server, after its system tables
    printf 'create database mysql;\nuse mysql;\n'
    cat "$MARIADB_SHARE"/*_system_tables.sql "$MARIADB_SHARE"/*_performance_tables.sql \
        "$MARIADB_SHARE"/*_system_tables_data.sql
    printf 'flush privileges;\n'
    printf 'alter user root@localhost identified by %s;\n' "$(quoted "${MYSQL_ROOT_PASSWORD:-}")"
    if [[ -n ${MYSQL_DATABASE:-} ]]; then
        printf 'create database `%s`;\n' "$MYSQL_DATABASE"
    fi
    if [[ -n ${MYSQL_USER:-} ]]; then
        printf 'create user %s@%s identified by %s;\n' \
            "$(quoted "$MYSQL_USER")" "'%'" "$(quoted "${MYSQL_PASSWORD:-}")"
        printf 'grant all on `%s`.* to %s@%s;\n' "${MYSQL_DATABASE:-%}" "$(quoted "$MYSQL_USER")" "'%'"
    fi
}

if [[ ${1:-} == -* ]]; then
    set -- mysqld "$@"
fi
if [[ ${1:-} == mysqld ]]; then
    data=/var/lib/mysql
    for word in "$@"; do
        if [[ $word == --datadir=* ]]; then
            data=${word#--datadir=}
        fi
    done
    if [[ ! -d $data/mysql ]]; then
        if [[ -z ${MYSQL_ROOT_PASSWORD:-}${MYSQL_ALLOW_EMPTY_PASSWORD:-}${MYSQL_RANDOM_ROOT_PASSWORD:-} ]]; then
            echo "Database is uninitialized and password option is not specified" >&2
            exit 1
        fi
        if [[ -z ${MYSQL_ROOT_PASSWORD:-} && -n ${MYSQL_RANDOM_ROOT_PASSWORD:-} ]]; then
            MYSQL_ROOT_PASSWORD=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
            echo "GENERATED ROOT PASSWORD: $MYSQL_ROOT_PASSWORD"
        fi
        mkdir -p "$data"
        statements | "$@" --bootstrap --log-warnings=0
        echo "MySQL init process done. Ready for start up."
    fi
    mkdir -p /var/run/mysqld
fi
exec "$@"
