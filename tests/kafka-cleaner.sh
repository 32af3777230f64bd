#!/usr/bin/env bash
# Compaction beside Kafka's, outside of CI: needs Java and a Kafka distribution.
#   tests/kafka-cleaner.sh FOLDER [--ports P]   a folder with one script called kafka: "kafka start DIR --port N --set name=value ...",
#                                            "kafka stop DIR", and Kafka's tools by their short names (kafka topics ...)
# The same segments, written here, are compacted by Kafka and by this broker: what is left must be the same, record by record and batch by
# batch, and Kafka's dump tool must have nothing to say against any of our files. Uses ports P, P+1 and P+1001 (P is 20450 unless told). Ends
# with status 1 if anything differs.
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
usage() { sed -n '2,8s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2; exit 2; }

folder='' port=20450
while [ $# -gt 0 ]; do
  case $1 in
    --ports) [ $# -gt 1 ] || usage; port=$2; shift 2 ;;
    -*) usage ;;
    *) folder=$(cd "$1" 2>/dev/null && pwd) || { echo "kafka-cleaner: there is no folder $1" >&2; exit 2; }; shift ;;
  esac
done
[ -n "$folder" ] && [ -x "$folder/kafka" ] || usage

work=$(mktemp -d)
pid='' kafka_runs=''
finish() {
  [ -z "$pid" ] || { kill "$pid" && wait "$pid"; } 2>/dev/null
  [ -z "$kafka_runs" ] || "$folder/kafka" stop "$work/kafka" 2>/dev/null
  rm -rf "$work"
}
trap finish EXIT
kafka() { timeout 180 "$folder/kafka" "$@"; }
theirs=127.0.0.1:$((port + 1))
ours=127.0.0.1:$port

passed=0 failed=0
# same NAME FILE FILE
same() {
  if [ -s "$2" ] && diff "$2" "$3" >"$work/diff" 2>&1; then
    passed=$((passed + 1)); printf 'pass  %s\n' "$1"
  else
    failed=$((failed + 1)); printf 'FAIL  %s\n' "$1"; head -10 "$work/diff" | cut -c1-200 | sed 's/^/        /'
  fi
}
note() { if [ "$2" = 0 ]; then passed=$((passed + 1)); printf 'pass  %s\n' "$1"; else failed=$((failed + 1)); printf 'FAIL  %s\n' "$1"; fi; }

# start_ours DATA SETTING...
start_ours() {
  local data=$1 setting arguments=()
  shift
  for setting in "$@"; do arguments+=(--override "$setting"); done
  "$root/akkastream" server --override "listeners=PLAINTEXT://$ours" --override "log.dirs=$data" ${arguments[@]+"${arguments[@]}"} \
    >>"$work/ours.log" 2>&1 &
  pid=$!
  for _ in $(seq 600); do
    (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && return
    kill -0 "$pid" 2>/dev/null || { cat "$work/ours.log" >&2; exit 2; }
    sleep 0.1
  done
}
stop_ours() { kill "$pid"; wait "$pid" 2>/dev/null; pid=''; }
start_kafka() {
  KAFKA_HEAP='-Xms256m -Xmx256m' kafka start "$work/kafka" --port $((port + 1)) --set log.cleaner.backoff.ms=500 \
    --set log.initial.task.delay.ms=1000 --set log.segment.delete.delay.ms=1000 >/dev/null || exit 2
  kafka_runs=yes
}
stop_kafka() { kafka stop "$work/kafka"; kafka_runs=''; }
# consume BROKER TOPIC COUNT: offset, time, key and value of each record, to the end.
consume() {
  kafka console-consumer --bootstrap-server "$1" --topic "$2" --partition 0 --offset earliest --max-messages "$3" --timeout-ms 20000 \
    --property print.key=true --property print.timestamp=true --property print.offset=true --property print.headers=true 2>/dev/null |
    grep '^CreateTime:'
}
# All in one run, as starting Java takes longer than the rest; its findings come in no certain order.
files() { local all; all=$(ls "$@" 2>/dev/null | paste -sd,); printf '%s' "$all"; }
dump_kafka() { kafka dump-log --files "$(files "$@")" --print-data-log 2>&1 | sort; }
dump_ours() { "$root/akkastream" dump-log --files "$(files "$@")" --print-data-log 2>&1 | sort; }

topics=(keyed packed)
compacted=(--config cleanup.policy=compact --config min.cleanable.dirty.ratio=0.01 --config delete.retention.ms=86400000)
create() { # BROKER TOPIC
  local more=()
  case $2 in
    keyed) more=("${compacted[@]}") ;;
    packed) more=("${compacted[@]}" --config compression.type=gzip) ;;
  esac
  kafka topics --bootstrap-server "$1" --create --topic "$2" --partitions 1 --replication-factor 1 --config segment.bytes=1048576 \
    ${more[@]+"${more[@]}"} >/dev/null 2>&1
}

# Ours are written first, without compaction: the same segments are compacted by both later.
start_ours "$work/data" log.cleaner.enable=false
for topic in "${topics[@]}"; do create "$ours" "$topic"; done
# Values that do not get small when they are packed: there must be several segments.
head -c 3000000 /dev/urandom | base64 -w 128 | head -30000 |
  awk '{printf "key-%d:%s\n", (NR * 7919) % 500, (NR % 9 == 0) ? "NULL" : $0}' >"$work/lines"
for topic in "${topics[@]}"; do
  kafka console-producer --bootstrap-server "$ours" --topic "$topic" --property parse.key=true --property key.separator=: \
    --property null.marker=NULL <"$work/lines" >/dev/null 2>&1
  consume "$ours" "$topic" 30000 >"$work/$topic.expected"
  count=$(grep -c . "$work/$topic.expected")
  note "$topic: $count of 30000 records are served" $((count != 30000))
done
stop_ours

complaints='isvalid: false|invalid bytes|mismatch|out of order|Exception|not found in'
for topic in "${topics[@]}"; do
  dump_kafka "$work/data/$topic-0"/*.{log,index,timeindex,snapshot} >"$work/by-kafka"
  dump_ours "$work/data/$topic-0"/*.{log,index,timeindex,snapshot} >"$work/by-us"
  grep -qiE "$complaints" "$work/by-kafka"
  note "$topic: Kafka's dump tool has nothing to say against our files" $(($? == 0))
  same "$topic: our dump of our files is Kafka's" "$work/by-kafka" "$work/by-us"
done

start_kafka
for topic in "${topics[@]}"; do create "$theirs" "$topic"; done
create "$theirs" own
kafka console-producer --bootstrap-server "$theirs" --topic own --property parse.key=true --property key.separator=: <"$work/lines" >/dev/null 2>&1
stop_kafka
kdata=$work/kafka/1/data
for topic in "${topics[@]}"; do
  find "$kdata/$topic-0" -type f ! -name partition.metadata -delete
  find "$work/data/$topic-0" -type f ! -name partition.metadata -exec cp {} "$kdata/$topic-0/" \;
done
rm -f "$kdata"/.kafka_cleanshutdown "$kdata"/*-offset-checkpoint
dump_kafka "$kdata"/own-0/*.{log,index,timeindex,snapshot} >"$work/by-kafka"
dump_ours "$kdata"/own-0/*.{log,index,timeindex,snapshot} >"$work/by-us"
same "our dump of Kafka's files is Kafka's" "$work/by-kafka" "$work/by-us"

# Kafka recovers them, serves them, and compacts what is to be compacted; so do we.
start_kafka
start_ours "$work/data" log.cleaner.backoff.ms=500 log.initial.task.delay.ms=1000 log.segment.delete.delay.ms=1000
settled() { # DATA TOPIC: the compacted partition has been the same for three seconds
  local before='' now same=0
  for _ in $(seq 60); do
    now=$(cd "$1/$2-0" && ls -l --time-style=+ *.log | awk '{print $5, $NF}')
    if [ "$now" = "$before" ] && grep -q "$2 0 [1-9]" "$1/cleaner-offset-checkpoint" 2>/dev/null; then same=$((same + 1)); else same=0; fi
    [ $same -ge 3 ] && return 0
    before=$now
    sleep 1
  done
  return 1
}
for topic in "${topics[@]}"; do
  settled "$kdata" "$topic"; note "$topic: Kafka has compacted our segments" $?
  settled "$work/data" "$topic"; note "$topic: we have compacted them" $?
  consume "$theirs" "$topic" 30000 >"$work/$topic.kafka"
  consume "$ours" "$topic" 30000 >"$work/$topic.ours"
  same "$topic: what is left is the same, record by record" "$work/$topic.kafka" "$work/$topic.ours"
  count=$(grep -c . "$work/$topic.ours")
  note "$topic: $count records of 30000" $((count >= 30000 || count < 400))
done
stop_ours
stop_kafka
strip() {
  sed -E 's/ position: [0-9]+//; s/deleteHorizonMs: OptionalLong\[[0-9]+\]/deleteHorizonMs: set/; s/ (size|crc): [0-9]+//g
    /^Dumping|^Log starting|^Non-consecutive|is followed by/d'
}
for topic in "${topics[@]}"; do
  dump_kafka "$work/data/$topic-0"/*.{log,index,timeindex} >"$work/compacted"
  grep -qiE "$complaints" "$work/compacted"
  note "$topic: Kafka's dump tool has nothing to say against our compacted files" $(($? == 0))
  dump_kafka "$work/data/$topic-0"/*.log | strip >"$work/batches.ours"
  dump_kafka "$kdata/$topic-0"/*.log | strip >"$work/batches.kafka"
  same "$topic: batches, producers, tombstones and their times are marked alike" "$work/batches.kafka" "$work/batches.ours"
done

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
