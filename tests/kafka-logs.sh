#!/usr/bin/env bash
# Log files there and back, outside of CI: they need Java and a Kafka distribution.
#   tests/kafka-logs.sh FOLDER         a folder with Kafka's scripts (bin/kafka-topics.sh ...), or with one script called kafka that takes
#                                      the tool's name as its first word, and starts a broker (kafka start DIR --port N, kafka stop DIR)
#   --port N                           where Kafka is to listen, and its controller 1000 above; 19392 unless told
# Kafka's dump tool reads what this broker wrote, and ours prints the same; a Kafka whose topics get our files reads every record back; and
# this broker goes on with the data directory of that Kafka. Prints a line for each step, pass or fail, and ends with status 1 if one failed.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() { sed -n '2,7s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

folder='' port=19392
while [ $# -gt 0 ]; do
  case $1 in
    --port) [ $# -gt 1 ] || usage; port=$2; shift 2 ;;
    -*) usage ;;
    *) folder=$(cd "$1" 2>/dev/null && pwd) || { echo "kafka-logs: there is no folder $1" >&2; exit 2; }; shift ;;
  esac
done
[ -n "$folder" ] || usage

work=$(mktemp -d)
pid='' kafka_runs=''
finish() {
  [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null
  [ -z "$kafka_runs" ] || stop_kafka
  rm -rf "$work"
}
trap finish EXIT

kafka() {
  local tool=$1
  shift
  if [ -x "$folder/kafka" ]; then timeout 180 "$folder/kafka" "$tool" "$@"; return; fi
  local name=kafka-$tool script
  [ "$tool" != producer-perf ] || name=kafka-producer-perf-test
  for script in "$folder/$name.sh" "$folder/bin/$name.sh"; do [ -x "$script" ] && break; done
  timeout 180 "$script" "$@"
}

# Kafka in $work/kafka; its partitions lie in $work/kafka/1/data.
start_kafka() {
  kafka_runs=yes
  if [ -x "$folder/kafka" ]; then KAFKA_HEAP=${KAFKA_HEAP:-"-Xmx256m"} "$folder/kafka" start "$work/kafka" --port "$port" >"$work/kafka.log" 2>&1; return; fi
  mkdir -p "$work/kafka/1"
  if [ ! -f "$work/kafka/1/server.properties" ]; then
    cat >"$work/kafka/1/server.properties" <<C
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:$((port + 1000))
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$((port + 1000))
controller.listener.names=CONTROLLER
log.dirs=$work/kafka/1/data
offsets.topic.replication.factor=1
C
    kafka storage format -t AAAAAAAAAAAAAAAAAAAAAA -c "$work/kafka/1/server.properties" >"$work/kafka.log" 2>&1 || return 1
  fi
  local script
  for script in "$folder/kafka-server-start.sh" "$folder/bin/kafka-server-start.sh"; do [ -x "$script" ] && break; done
  "$script" "$work/kafka/1/server.properties" >>"$work/kafka.log" 2>&1 &
  echo $! >"$work/kafka/1/pid"
  for _ in $(seq 600); do (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return; sleep 0.1; done
  return 1
}
stop_kafka() {
  kafka_runs=''
  if [ -x "$folder/kafka" ]; then "$folder/kafka" stop "$work/kafka"; return; fi
  kill "$(cat "$work/kafka/1/pid")" && wait "$(cat "$work/kafka/1/pid")"
}

# start_ours DIR: sets pid and broker.
start_ours() {
  "$root/akkastream" server --override listeners=PLAINTEXT://127.0.0.1:0 --override "log.dirs=$1" >"$work/broker.log" 2>&1 &
  pid=$! broker=''
  for _ in $(seq 600); do
    broker=$(sed -n 's/^ *listeners *PLAINTEXT \(127[^ ]*\).*/\1/p' "$work/broker.log" | head -1)
    [ -z "$broker" ] || return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  cat "$work/broker.log" >&2
  return 1
}
stop_ours() { kill "$pid" && wait "$pid"; local status=$?; pid=''; return $status; }

passed=0 failed=0
check() {
  local name=$1
  shift
  if "$@" >"$work/out" 2>&1; then
    passed=$((passed + 1)); printf 'pass  %s\n' "$name"
  else
    failed=$((failed + 1)); printf 'FAIL  %s\n' "$name"
    grep -vE '^\s+at |^SLF4J|WARN' "$work/out" | head -15 | sed 's/^/        /'
  fi
}

codecs='none gzip snappy lz4 zstd'
fill() { # BROKER TOPIC
  local codec
  for codec in $codecs; do
    kafka producer-perf --topic "$2" --num-records 3000 --record-size 400 --throughput -1 --producer-props "bootstrap.servers=$1" \
      "compression.type=$codec" enable.idempotence=true acks=all || return 1
  done
}
# records BROKER TOPIC COUNT: so many of them, with offsets and times; Kafka's tool says other things too, partly on its output.
records() {
  kafka console-consumer --bootstrap-server "$1" --topic "$2" --partition 0 --offset earliest --timeout-ms 20000 --property print.offset=true \
    --property print.timestamp=true --property print.key=true --max-messages "$3" 2>/dev/null \
    | grep '^CreateTime:'
}
is_good() { ! grep -nE 'Exception|isvalid: false|Mismatches|Non-consecutive|Found timestamp mismatch|out of order' "$1"; }
files_of() { printf '%s,' "$1"/*.log "$1"/*.index "$1"/*.timeindex "$1"/*.snapshot | sed 's/,$//'; }
dump_compared() { # PARTITION FOLDER
  local files
  files=$(files_of "$1")
  kafka dump-log --files "$files" --print-data-log --deep-iteration >"$work/theirs" 2>"$work/err" || { cat "$work/err"; return 1; }
  "$root/akkastream" dump-log --files "$files" --print-data-log --deep-iteration >"$work/ours" || return 1
  is_good "$work/theirs" && diff "$work/theirs" "$work/ours"
}
same() { # COUNT FILE FILE
  [ "$(wc -l <"$2")" = "$1" ] || { echo "$(wc -l <"$2") records, not $1"; return 1; }
  cmp "$2" "$3"
}
several_segments() { [ "$(find "$1" -name '*.log' | wc -l)" -gt 2 ]; }

# A build, where one is needed, is no part of a start.
"$root/akkastream" version >/dev/null || exit 2
start_ours "$work/ours-data" || exit 2
check 'topics made here' kafka topics --bootstrap-server "$broker" --create --topic logs --partitions 1 --config segment.bytes=1048576
check 'filled here, in every codec' fill "$broker" logs
records "$broker" logs 15000 >"$work/here"
check 'stopped cleanly' stop_ours
check 'several segments' several_segments "$work/ours-data/logs-0"
check "Kafka's dump tool reads them, and ours prints the same" dump_compared "$work/ours-data/logs-0"

check 'Kafka starts' start_kafka
check 'the same topic made in Kafka' kafka topics --bootstrap-server "127.0.0.1:$port" --create --topic logs --partitions 1 \
  --config segment.bytes=1048576
stop_kafka
rm -f "$work"/kafka/1/data/logs-0/0*
cp "$work"/ours-data/logs-0/{0*,leader-epoch-checkpoint} "$work/kafka/1/data/logs-0/"
check 'Kafka starts with our files' start_kafka
records "127.0.0.1:$port" logs 15000 >"$work/there"
check 'and reads every record as we do' same 15000 "$work/here" "$work/there"
check 'and goes on behind them' fill "127.0.0.1:$port" logs
records "127.0.0.1:$port" logs 30000 >"$work/there"
stop_kafka

start_ours "$work/kafka/1/data" || exit 2
records "$broker" logs 30000 >"$work/here"
check 'this broker takes the directory over and reads every record as Kafka does' same 30000 "$work/there" "$work/here"
check 'and goes on behind them' fill "$broker" logs
check 'stopped cleanly' stop_ours
check "Kafka's dump tool reads what came behind" dump_compared "$work/kafka/1/data/logs-0"

printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" = 0 ]
