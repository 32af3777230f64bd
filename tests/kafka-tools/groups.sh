# Groups of both protocols, their offsets, and all that the tools do with them. Read by kafka-tools.sh.
g=$t-g
check 'topics --create, for groups' 'Created topic' on topics --create --topic "$g" --partitions 3 --replication-factor 1
check 'topics --create, of one partition' 'Created topic' on topics --create --topic "$g-1" --partitions 1 --replication-factor 1
check 'console-producer, for groups' '' produce "$work/lines" --topic "$g" --property parse.key=true --property key.separator=:
check 'console-producer, to one partition' '' produce "$work/lines" --topic "$g-1"

committed() { on consumer-groups --describe --group "$1" | awk -v group="$1" '$1 == group { sum += $4 } END { print "read " sum }'; }
for protocol in classic consumer; do
  check "console-consumer, group.protocol=$protocol" 'Processed a total of 100 messages' on console-consumer --topic "$g" --group "$g-$protocol" \
    --from-beginning --max-messages 100 --timeout-ms 30000 --consumer-property group.protocol="$protocol"
  check 'console-producer, more' '' produce "$work/lines" --topic "$g" --property parse.key=true --property key.separator=:
  check 'console-consumer goes on where it was' 'Processed a total of 100 messages' on console-consumer --topic "$g" --group "$g-$protocol" \
    --timeout-ms 15000 --max-messages 100 --consumer-property group.protocol="$protocol"
  # Which partitions the 200 that were read come from is the consumer's choice; together they must be 200.
  check "consumer-groups --describe, $protocol" '^read 200$' committed "$g-$protocol"
  check 'console-consumer --include' 'Processed a total of [1-9]' on console-consumer --include "$g.*" --group "$g-$protocol-regex" \
    --from-beginning --timeout-ms 10000 --consumer-property group.protocol="$protocol"
done
check 'consumer-groups --list' "^$g-classic\$" on consumer-groups --list
check 'consumer-groups --list --state' "$g-consumer +Empty" on consumer-groups --list --state empty
check 'consumer-groups --list --type' "$g-consumer +Consumer" on consumer-groups --list --type consumer
check 'groups --list' "$g-classic +Classic +consumer" on groups --list
check 'consumer-groups --describe --state' "$g-classic .*Empty +0" on consumer-groups --describe --state --group "$g-classic"
check 'consumer-groups --describe --all-groups' "$g-consumer-regex +$g-1 +0" on consumer-groups --describe --all-groups
refused 'consumer-groups --describe, of none' 'not found|does not exist' on consumer-groups --describe --group "$g-none"

# Every form of --reset-offsets. The group has read 100 records of one partition.
check 'console-consumer, to be reset' 'Processed a total of 100 messages' \
  on console-consumer --topic "$g-1" --group "$g-reset" --from-beginning --max-messages 100 --timeout-ms 30000
reset() { on consumer-groups --reset-offsets --group "$g-reset" "$@"; }
is_at() { check "... is at $1" "$g-reset +$g-1 +0 +$1 +100" on consumer-groups --describe --group "$g-reset"; }
check 'reset --to-earliest --dry-run' "$g-reset +$g-1 +0 +0 *\$" reset --topic "$g-1" --to-earliest --dry-run
is_at 100
check 'reset --to-earliest --execute' "$g-reset +$g-1 +0 +0 *\$" reset --topic "$g-1" --to-earliest --execute
check 'reset --to-offset' "$g-reset +$g-1 +0 +40 *\$" reset --topic "$g-1:0" --to-offset 40 --execute
check 'reset --shift-by' "$g-reset +$g-1 +0 +30 *\$" reset --all-topics --shift-by -10 --execute
check 'reset --to-current' "$g-reset +$g-1 +0 +30 *\$" reset --topic "$g-1" --to-current --execute
is_at 30
check 'console-consumer, from there' 'Processed a total of 70 messages' \
  on console-consumer --topic "$g-1" --group "$g-reset" --max-messages 70 --timeout-ms 30000
check 'reset --by-duration' "$g-reset +$g-1 +0 +0 *\$" reset --topic "$g-1" --by-duration PT1H --execute
check 'reset --to-datetime' "$g-reset +$g-1 +0 +100 *\$" reset --topic "$g-1" --to-datetime "$(date -u -d '+1 hour' +%Y-%m-%dT%H:%M:%S.000)" --execute
check 'reset --to-datetime, before all' "$g-reset +$g-1 +0 +0 *\$" reset --topic "$g-1" --to-datetime 2020-01-01T00:00:00.000 --execute
check 'reset --to-latest' "$g-reset +$g-1 +0 +100 *\$" reset --topic "$g-1" --to-latest --execute
check 'reset --to-offset beyond the end' "$g-reset +$g-1 +0 +100 *\$" reset --topic "$g-1" --to-offset 5000 --execute
check 'reset --export' "^\"?$g-1\"?,0,55" reset --topic "$g-1" --to-offset 55 --export
echo "\"$g-1\",0,66" >"$work/offsets.csv"
check 'reset --from-file' "$g-reset +$g-1 +0 +66 *\$" reset --from-file "$work/offsets.csv" --execute
is_at 66
check 'reset of all groups without members' "$g-classic +$g +0 +0 *\$" \
  on consumer-groups --reset-offsets --all-groups --topic "$g" --to-earliest --dry-run

# Groups with members: what they have, what may not be done to them, and how they change over.
verify() { start "$1" verifiable-consumer --bootstrap-server "$broker" --topic "$g" --group-id "$g-live" --group-protocol "$2"; }
said() { grep -qE -- "$2" "$work/$1"; }
describes() { on consumer-groups --describe --group "$g-live" "${@:2}" >"$work/described" 2>&1 && grep -qE -- "$1" "$work/described"; }
verify one classic; one=$started
check 'verifiable-consumer, classic' '' again said one '"name":"records_consumed"'
check 'describe --members --verbose' '' again describes "$g-live .* 3 +$g\\(0,1,2\\)|$g-live .* 3 .*$g:0,1,2" --members --verbose
check 'describe --state of a stable group' '' again describes 'range +Stable +1' --state
refused 'reset of a group with members' 'only be reset if the group .* is inactive' \
  on consumer-groups --reset-offsets --group "$g-live" --topic "$g" --to-earliest --execute
refused 'delete of a group with members' 'not empty|NonEmpty' on consumer-groups --delete --group "$g-live"
refused 'delete-offsets of a topic that is read' 'GroupSubscribedToTopic|subscribed' on consumer-groups --delete-offsets --group "$g-live" --topic "$g"
verify two consumer; two=$started
check 'a member of the consumer protocol joins: upgraded' '' again said two 'partitions_assigned.*"partition":'
check 'describe --members, of both kinds' '' again describes '.* 2 +|.* 1 +' --members
check 'groups --list, upgraded' "$g-live +Consumer +consumer" on groups --list
kill "$two"; wait "$two" 2>/dev/null
check 'the last of them leaves: downgraded' '' again describes "$g-live .* 3 " --members
check 'groups --list, downgraded' "$g-live +Classic +consumer" on groups --list
kill "$one"; wait "$one" 2>/dev/null
check 'all have left' '' again describes 'Empty +0' --state
check 'verifiable-consumer, consumer' '"name":"offsets_committed"' on verifiable-consumer --topic "$g" --group-id "$g-newer" \
  --group-protocol consumer --max-messages 100
check 'verifiable-consumer, static and sticky' '"name":"offsets_committed"' on verifiable-consumer --topic "$g" --group-id "$g-sticky" \
  --group-instance-id i1 --assignment-strategy org.apache.kafka.clients.consumer.CooperativeStickyAssignor --max-messages 100

check 'configs --alter a group' 'Completed' \
  on configs --alter --entity-type groups --entity-name "$g-newer" --add-config consumer.session.timeout.ms=50000
check 'configs --describe a group' 'consumer.session.timeout.ms=50000' on configs --describe --entity-type groups --entity-name "$g-newer"
check 'configs --describe all groups' "$g-newer" on configs --describe --entity-type groups
refused 'configs --alter a group out of bounds' 'must be|greater|Invalid' \
  on configs --alter --entity-type groups --entity-name "$g-newer" --add-config consumer.session.timeout.ms=1
check 'features: group.version' 'group.version.*FinalizedVersionLevel: 1' on features describe

check 'consumer-groups --delete-offsets' 'Successful' on consumer-groups --delete-offsets --group "$g-consumer" --topic "$g"
check 'consumer-groups --delete' 'successful' on consumer-groups --delete --group "$g-classic" --group "$g-consumer"
refused 'consumer-groups --delete, once more' 'does not exist|GroupIdNotFound' on consumer-groups --delete --group "$g-classic"
