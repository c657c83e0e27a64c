#!/bin/bash
# MariaDB under the name of MySQL's server; what only the other one knows is left out.
set -Eeuo pipefail

words=()
for word in "$@"; do
    case $word in
        --mysqlx* | --loose-mysqlx* | --authentication-policy=* | --caching-sha2-password* | --mysql-native-password=*) ;;
        *) words+=("$word") ;;
    esac
done
exec mariadbd --no-defaults --lc-messages-dir="$MARIADB_SHARE" --character-sets-dir="$MARIADB_SHARE/charsets" \
    --socket=/var/run/mysqld/mysqld.sock "${words[@]}"
