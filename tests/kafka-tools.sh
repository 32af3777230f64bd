#!/usr/bin/env bash
# Kafka's own command line tools and Java clients against this broker, outside of CI: they need Java and a Kafka distribution.
#   tests/kafka-tools.sh FOLDER        a folder with Kafka's scripts (bin/kafka-topics.sh ...), or with one script called kafka that takes
#                                      the tool's name as its first word (kafka topics ...)
#   --broker HOST:PORT                 a broker that runs already and may be thrown away; otherwise one is started, and stopped in the end
#   --part topics|groups|connect       one part only
#   --connect-ports A,B                where the two workers of connect listen (28083,28084)
# KAFKA_TOOLS_PATIENCE (300) is how many seconds one tool, or one wait for a worker, may take.
# Prints a line for each tool, pass or fail, and ends with status 1 if one failed.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() { sed -n '2,9s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

folder='' broker='' parts='topics groups connect' connect_ports=28083,28084
while [ $# -gt 0 ]; do
  case $1 in
    --broker) [ $# -gt 1 ] || usage; broker=$2; shift 2 ;;
    --part) case ${2:-} in topics | groups | connect) parts=$2 ;; *) usage ;; esac; shift 2 ;;
    --connect-ports) [ $# -gt 1 ] || usage; connect_ports=$2; shift 2 ;;
    -*) usage ;;
    *) folder=$(cd "$1" 2>/dev/null && pwd) || { echo "kafka-tools: there is no folder $1" >&2; exit 2; }; shift ;;
  esac
done
[ -n "$folder" ] || usage

work=$(mktemp -d)
pid='' left=()
finish() {
  local one
  for one in ${left[@]+"${left[@]}"}; do kill -9 "$one" 2>/dev/null; done
  [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

# The tool by its short name: topics, console-producer, ...
find_tool() {
  if [ -x "$folder/kafka" ]; then tool=("$folder/kafka" "$1"); return; fi
  local name=kafka-$1 script
  case $1 in
    producer-perf | consumer-perf) name=kafka-$1-test ;;
    connect-*) name=$1 ;;
  esac
  for script in "$folder/$name.sh" "$folder/bin/$name.sh"; do [ -x "$script" ] && break; done
  tool=("$script")
}
kafka() {
  local tool
  find_tool "$1"
  timeout "${KAFKA_TOOLS_PATIENCE:-300}" "${tool[@]}" "${@:2}"
}
on() { kafka "$1" --bootstrap-server "$broker" "${@:2}"; }
produce() { on console-producer "${@:2}" <"$1"; }

if [ -z "$broker" ]; then
  "$root/akkastream" server --override listeners=PLAINTEXT://127.0.0.1:0 --override "log.dirs=$work/data" >"$work/broker.log" 2>&1 &
  pid=$!
  for _ in $(seq 600); do
    broker=$(sed -n 's/^ *listeners *PLAINTEXT \(127[^ ]*\).*/\1/p' "$work/broker.log" | head -1)
    [ -z "$broker" ] || break
    kill -0 "$pid" 2>/dev/null || { cat "$work/broker.log" >&2; exit 2; }
    sleep 0.1
  done
fi

passed=0 failed=0 started=
# check NAME PATTERN COMMAND...: the command must end well and its output match the pattern.
check() {
  local name=$1 pattern=$2
  shift 2
  if "$@" >"$work/out" 2>&1 && { [ -z "$pattern" ] || grep -qE -- "$pattern" "$work/out"; }; then
    passed=$((passed + 1)); printf 'pass  %s\n' "$name"
  else
    failed=$((failed + 1)); printf 'FAIL  %s\n' "$name"
    grep -vE '^\s+at |^SLF4J|WARN' "$work/out" | head -15 | sed 's/^/        /'
  fi
}
# refused NAME PATTERN COMMAND...: the output must match, however the tool ends.
refused() {
  local name=$1 pattern=$2
  shift 2
  "$@" >"$work/refused" 2>&1
  check "$name" "$pattern" cat "$work/refused"
}
seq 1 100 | sed 's/.*/key&:value&/' >"$work/lines"
t=tools-$$ # part of all names

# again COMMAND...: until it ends well, for so long at most.
again() {
  local try
  for try in $(seq "${KAFKA_TOOLS_PATIENCE:-300}"); do "$@" && return; sleep 1; done
  return 1
}
# start NAME TOOL ARGUMENT...: runs on its own; its output is in $work/NAME, its process in $started.
start() {
  local tool
  find_tool "$2"
  "${tool[@]}" "${@:3}" >"$work/$1" 2>&1 &
  started=$!
  left+=("$started")
}

for part in $parts; do
  # shellcheck source=/dev/null
  . "$root/tests/kafka-tools/$part.sh"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
