#!/usr/bin/env bash
# Kafka's own command line tools and Java clients against this broker, outside of CI: they need Java and a Kafka distribution.
#   tests/kafka-tools.sh FOLDER        a folder with Kafka's scripts (bin/kafka-topics.sh ...), or with one script called kafka that takes
#                                      the tool's name as its first word (kafka topics ...)
#   --broker HOST:PORT                 a broker that runs already and may be thrown away; otherwise one is started, and stopped in the end
# Prints a line for each tool, pass or fail, and ends with status 1 if one failed.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() { sed -n '2,6s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

folder='' broker=''
while [ $# -gt 0 ]; do
  case $1 in
    --broker) [ $# -gt 1 ] || usage; broker=$2; shift 2 ;;
    -*) usage ;;
    *) folder=$(cd "$1" 2>/dev/null && pwd) || { echo "kafka-tools: there is no folder $1" >&2; exit 2; }; shift ;;
  esac
done
[ -n "$folder" ] || usage

work=$(mktemp -d)
pid=''
finish() {
  [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT

# The tool by its short name: topics, console-producer, ...
kafka() {
  local tool=$1
  shift
  if [ -x "$folder/kafka" ]; then timeout 120 "$folder/kafka" "$tool" "$@"; return; fi
  local name=kafka-$tool
  case $tool in producer-perf) name=kafka-producer-perf-test ;; consumer-perf) name=kafka-consumer-perf-test ;; esac
  local script
  for script in "$folder/$name.sh" "$folder/bin/$name.sh"; do [ -x "$script" ] && break; done
  timeout 120 "$script" "$@"
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

passed=0 failed=0
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
t=tools-$$

check 'broker-api-versions' 'Produce\(0\): 0 to 13' on broker-api-versions
check 'topics --create' "Created topic $t" on topics --create --topic "$t" --partitions 3 --replication-factor 1 --config retention.ms=3600000
refused 'topics --create, once more' 'already exists' on topics --create --topic "$t" --partitions 3
check 'topics --create --if-not-exists' '' on topics --create --topic "$t" --if-not-exists
check 'topics --list' "^$t\$" on topics --list
check 'topics --describe' "PartitionCount: 3.*retention.ms=3600000" on topics --describe --topic "$t"
check 'topics --alter --partitions' '' on topics --alter --topic "$t" --partitions 4
check 'topics --describe, after' 'PartitionCount: 4' on topics --describe --topic "$t"
refused 'topics --alter to fewer' 'would not be an increase|currently has 4' on topics --alter --topic "$t" --partitions 2
refused 'topics --create with a bad name' 'illegal|contains' on topics --create --topic 'no good' --partitions 1
refused 'topics --create with three replicas' 'replication factor.*larger|Unable to replicate' on topics --create --topic "$t-r" --partitions 1 --replication-factor 3
check 'console-producer' '' produce "$work/lines" --topic "$t" --property parse.key=true --property key.separator=:
for codec in gzip snappy lz4 zstd; do
  check "console-producer --compression-codec $codec" '' produce "$work/lines" --topic "$t-$codec" --compression-codec "$codec"
  check "console-consumer of $codec" 'Processed a total of 100 messages' \
    on console-consumer --topic "$t-$codec" --partition 0 --offset earliest --max-messages 100 --timeout-ms 30000
done
check 'console-producer, acks 1, not idempotent' '' \
  produce "$work/lines" --topic "$t-acks" --producer-property acks=1 --producer-property enable.idempotence=false
check 'get-offsets' "^$t-gzip:0:100\$" on get-offsets --topic "$t-gzip"
check 'get-offsets --time -2' "^$t-gzip:0:0\$" on get-offsets --topic "$t-gzip" --time -2
check 'get-offsets --time -3 (latest timestamp)' "^$t-gzip:0:" on get-offsets --topic "$t-gzip" --time -3
check 'console-consumer --partition' 'value' \
  on console-consumer --topic "$t" --partition 0 --offset earliest --max-messages 5 --timeout-ms 30000 --property print.key=true
check 'console-consumer, keys, offsets, timestamps, headers' 'CreateTime:.*Partition:1.*Offset:0.*key' \
  on console-consumer --topic "$t" --partition 1 --offset 0 --max-messages 1 --timeout-ms 30000 --property print.key=true \
  --property print.timestamp=true --property print.partition=true --property print.offset=true --property print.headers=true
check 'configs --alter a topic' 'Completed updating config' \
  on configs --alter --entity-type topics --entity-name "$t" --add-config segment.bytes=2000000,cleanup.policy=compact
check 'configs --describe a topic' 'segment.bytes=2000000' on configs --describe --entity-type topics --entity-name "$t"
check 'configs --describe --all' 'max.message.bytes=1048588' on configs --describe --all --entity-type topics --entity-name "$t"
check 'configs --alter --delete-config' 'Completed' \
  on configs --alter --entity-type topics --entity-name "$t" --delete-config cleanup.policy
refused 'configs --alter to nonsense' 'Invalid value|InvalidConfig|Unknown topic config' \
  on configs --alter --entity-type topics --entity-name "$t" --add-config segment.bytes=none
check 'configs --alter all brokers' 'Completed' on configs --alter --entity-type brokers --entity-default --add-config log.cleaner.backoff.ms=14000
check 'configs --describe all brokers' 'log.cleaner.backoff.ms=14000' on configs --describe --entity-type brokers --entity-default
check 'configs --describe a broker' 'log.dirs' on configs --describe --all --entity-type brokers --entity-name 1
printf '{"partitions":[{"topic":"%s","partition":0,"offset":40}],"version":1}' "$t-gzip" >"$work/delete.json"
check 'delete-records' 'low_watermark: 40' on delete-records --offset-json-file "$work/delete.json"
check 'get-offsets, after' "^$t-gzip:0:40\$" on get-offsets --topic "$t-gzip" --time -2
check 'log-dirs --describe' "\"partition\":\"$t-gzip-0\",\"size\":[1-9]" on log-dirs --describe --topic-list "$t-gzip"
check 'producer-perf' '20000 records sent' \
  kafka producer-perf --topic "$t-perf" --num-records 20000 --record-size 200 --throughput -1 --producer-props "bootstrap.servers=$broker"
check 'verifiable-producer' '"acked":500' on verifiable-producer --topic "$t-verify" --max-messages 500
check 'console-consumer --group' 'Processed a total of 100 messages' \
  on console-consumer --topic "$t-zstd" --group "$t-group" --from-beginning --max-messages 100 --timeout-ms 30000
check 'consumer-groups --list' "^$t-group\$" on consumer-groups --list
check 'consumer-groups --describe' "$t-group +$t-zstd +0 +100 +100 +0" on consumer-groups --describe --group "$t-group"
check 'consumer-groups --describe --state' "$t-group .*Empty" on consumer-groups --describe --state --group "$t-group"
check 'consumer-groups --reset-offsets' "$t-group +$t-zstd +0 +40" \
  on consumer-groups --reset-offsets --group "$t-group" --topic "$t-zstd" --to-offset 40 --execute
check 'console-consumer, from there' 'Processed a total of 60 messages' \
  on console-consumer --topic "$t-zstd" --group "$t-group" --max-messages 60 --timeout-ms 30000
check 'console-consumer, group.protocol=consumer' 'Processed a total of 100 messages' \
  on console-consumer --topic "$t-lz4" --group "$t-newer" --from-beginning --max-messages 100 --timeout-ms 30000 \
  --consumer-property group.protocol=consumer
check 'consumer-groups --describe, of it' "$t-newer +$t-lz4 +0 +100 +100 +0" on consumer-groups --describe --group "$t-newer"
check 'groups --list' "$t-newer.*[Cc]onsumer" on groups --list
check 'consumer-groups --delete-offsets' 'Successful' on consumer-groups --delete-offsets --group "$t-newer" --topic "$t-lz4"
check 'consumer-groups --delete' 'successful' on consumer-groups --delete --group "$t-group"
check 'verifiable-consumer' '"name":"records_consumed"' \
  on verifiable-consumer --topic "$t-verify" --group-id "$t-verifiers" --max-messages 100 --reset-policy earliest
check 'consumer-perf' '2[0-9]{4}' kafka consumer-perf --bootstrap-server "$broker" --topic "$t-perf" --messages 20000 --timeout 60000
check 'cluster id' 'Cluster ID' kafka cluster cluster-id --bootstrap-server "$broker"
check 'metadata of all' "$t-verify" on topics --describe
check 'topics --delete' '' on topics --delete --topic "$t"
refused 'topics --describe, when gone' 'does not exist' on topics --describe --topic "$t"

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
