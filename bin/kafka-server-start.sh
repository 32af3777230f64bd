#!/usr/bin/env bash
# As Kafka's tool of this name: runs a broker with a server.properties (or a HOCON file).
#   kafka-server-start.sh [-daemon] CONFIG [--override NAME=VALUE]...
self=${BASH_SOURCE[0]}
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in /*) self=$link ;; *) self=${self%/*}/$link ;; esac
done
akkastream=${self%/*}/../akkastream

daemon=
while [ "${1:-}" = -daemon ] || [ "${1:-}" = -name ] || [ "${1:-}" = -loggc ]; do
  [ "$1" = -daemon ] && daemon=yes
  [ "$1" = -name ] && shift
  shift
done
[ "${1:-}" = --version ] && exec "$akkastream" version
if [ $# -eq 0 ]; then
  echo "USAGE: $0 [-daemon] server.properties [--override property=value]*" >&2
  exit 1
fi
if [ -z "$daemon" ]; then exec "$akkastream" server "$@"; fi

# Like Kafka's, the log goes to logs/server.out; LOG_DIR names another folder.
logs=${LOG_DIR:-${self%/*}/../logs}
mkdir -p "$logs" || exit 1
nohup "$akkastream" server "$@" >"$logs/server.out" 2>&1 </dev/null &
