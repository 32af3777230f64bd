# Topics, records, settings. Read by kafka-tools.sh.
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
check 'verifiable-consumer' '"success":true' \
  on verifiable-consumer --topic "$t-verify" --group-id "$t-verify" --max-messages 500
check 'e2e-latency' 'Percentiles' on e2e-latency --topic "$t-e2e" --num-records 50 --producer-acks all --record-size 100
check 'consumer-perf' '2[0-9]{4}' kafka consumer-perf --bootstrap-server "$broker" --topic "$t-perf" --messages 20000 --timeout 60000
check 'cluster id' 'Cluster ID' kafka cluster cluster-id --bootstrap-server "$broker"
check 'metadata-quorum describe --status' 'CurrentVoters:.*directoryId.*PLAINTEXT' on metadata-quorum describe --status
check 'metadata-quorum describe --replication' 'Leader' on metadata-quorum describe --replication --human-readable
check 'features upgrade' 'group.version can be upgraded to 1' on features upgrade --feature group.version=1 --dry-run
refused 'features upgrade, one that is not there' 'does not support this feature' on features upgrade --feature share.version=1
refused 'features downgrade of metadata.version' 'Refusing to perform' on features downgrade --feature metadata.version=29
check 'metadata of all' "$t-verify" on topics --describe
check 'topics --delete' '' on topics --delete --topic "$t"
refused 'topics --describe, when gone' 'does not exist' on topics --describe --topic "$t"
