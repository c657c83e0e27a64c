#!/bin/bash
# MariaDB under the name of MySQL's server; what only the other one knows is left out. As MySQL's auto_generate_certs
# does, it makes a key and a certificate among its data where there are none, and offers encryption to all.
set -Eeuo pipefail

data=/var/lib/mysql
words=()
for word in "$@"; do
    case $word in
        --datadir=*) data=${word#--datadir=} words+=("$word") ;;
        --mysqlx* | --loose-mysqlx* | --authentication-policy=* | --caching-sha2-password* | --mysql-native-password=*) ;;
        *) words+=("$word") ;;
    esac
done
key=$data/server-key.pem certificate=$data/server-cert.pem
if [[ ! -e $certificate ]]; then
    (
        umask 077
        openssl req -x509 -newkey rsa:2048 -nodes -days 3650 -subj /CN=MySQL_Server_Auto_Generated_Server_Certificate \
            -keyout "$key" -out "$certificate" 2>/dev/null
    )
fi
exec mariadbd --no-defaults --ssl-key="$key" --ssl-cert="$certificate" --lc-messages-dir="$MARIADB_SHARE" --character-sets-dir="$MARIADB_SHARE/charsets" \
    --socket=/var/run/mysqld/mysqld.sock "${words[@]}"
