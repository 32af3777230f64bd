# Two workers of connect: a group of protocol type "connect" whose metadata only they understand. They share tasks, and one outlives the
# other's kill. Read by kafka-tools.sh.
c=$t-connect
ports=(${connect_ports//,/ })
check 'topics --create, for connect' 'Created topic' on topics --create --topic "$c" --partitions 4 --replication-factor 1
seq 1 100 >"$work/source"
: >"$work/sink"

worker() { # number: starts one
  cat >"$work/worker$1.properties" <<P
bootstrap.servers=$broker
group.id=$c
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.storage.StringConverter
config.storage.topic=$c-configs
offset.storage.topic=$c-offsets
status.storage.topic=$c-status
config.storage.replication.factor=1
offset.storage.replication.factor=1
status.storage.replication.factor=1
offset.storage.partitions=5
offset.flush.interval.ms=1000
session.timeout.ms=6000
heartbeat.interval.ms=2000
scheduled.rebalance.max.delay.ms=2000
listeners=HTTP://127.0.0.1:${ports[$1]}
P
  start "worker$1" connect-distributed "$work/worker$1.properties"
}
rest() { curl -sf -m 20 "http://127.0.0.1:${ports[$1]}/$2" "${@:3}"; }
connector() { rest 0 connectors -X POST -H 'Content-Type: application/json' -d "$1"; }
# How many workers run tasks of the connector, if so many of its tasks run.
shared() { # asked worker, connector, tasks, workers
  local status
  status=$(rest "$1" "connectors/$2/status") || return 1
  echo "$status" >"$work/status"
  [ "$(grep -o '"state":"RUNNING","worker_id":"[^"]*"' <<<"${status#*\"tasks\"}" | wc -l)" = "$3" ] &&
    [ "$(grep -o '"worker_id":"[^"]*"' <<<"${status#*\"tasks\"}" | sort -u | wc -l)" = "$4" ]
}
sunk() { [ "$(sort -u "$work/sink" | grep -c .)" = "$1" ]; }

worker 0; first=$started
worker 1; second=$started
check 'connect: the first worker serves' '"version"' again rest 0 ''
check 'connect: the second worker serves' '"version"' again rest 1 ''
check 'groups --list: connect' "$c +Classic +connect" on groups --list
check 'connect: a source' '"name":"source"' again connector "{\"name\":\"source\",\"config\":{\"connector.class\":\"org.apache.kafka.connect.file.FileStreamSourceConnector\",\"tasks.max\":\"1\",\"file\":\"$work/source\",\"topic\":\"$c\"}}"
check 'connect: a sink of four tasks' '"name":"sink"' again connector "{\"name\":\"sink\",\"config\":{\"connector.class\":\"org.apache.kafka.connect.file.FileStreamSinkConnector\",\"tasks.max\":\"4\",\"file\":\"$work/sink\",\"topics\":\"$c\"}}"
check 'connect: both workers run tasks of the sink' '' again shared 0 sink 4 2
check 'connect: 100 lines came through' '' again sunk 100
check 'groups --list: the group of the sink' "connect-sink +Classic +consumer" on groups --list
kill -9 "$second"; wait "$second" 2>/dev/null
seq 101 200 >>"$work/source"
check 'connect: killed, the other one takes over its tasks' '' again shared 0 sink 4 1
check 'connect: and the task of the source' '' again shared 0 source 1 1
check 'connect: 200 lines came through' '' again sunk 200
worker 1
check 'connect: the second one is back and has tasks again' '' again shared 0 sink 4 2
kill "$first"; wait "$first" 2>/dev/null
seq 201 300 >>"$work/source"
check 'connect: the first one left, the other one goes on' '' again shared 1 sink 4 1
check 'connect: 300 lines came through' '' again sunk 300
kill "$started"; wait "$started" 2>/dev/null
