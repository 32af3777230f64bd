"""A member of a group with kafka-python, until it is told to leave or killed. See README.md one folder up."""
import json
import select
import sys

from kafka import ConsumerRebalanceListener, KafkaConsumer
from kafka.coordinator.assignors.range import RangePartitionAssignor
from kafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from kafka.errors import CommitFailedError

servers, group, topic, strategy = sys.argv[1:5]


def tell(**what):
    print(json.dumps(what), flush=True)


class Listener(ConsumerRebalanceListener):
    def on_partitions_revoked(self, revoked):
        tell(assigned=[])

    def on_partitions_assigned(self, assigned):
        tell(assigned=sorted(p.partition for p in assigned))


consumer = KafkaConsumer(
    bootstrap_servers=servers, group_id=group, client_id="kafka-python-member", auto_offset_reset="earliest", enable_auto_commit=False,
    session_timeout_ms=6000, heartbeat_interval_ms=500, fetch_max_wait_ms=50,
    partition_assignment_strategy=[RoundRobinPartitionAssignor if strategy == "roundrobin" else RangePartitionAssignor])
consumer.subscribe([topic], listener=Listener())
leaving = False
while not leaving:
    messages = [m for batch in consumer.poll(50).values() for m in batch]
    if messages:
        try:
            consumer.commit()
            tell(read=[[m.partition, m.offset, m.value.decode()] for m in messages])
        except CommitFailedError as e:
            tell(uncommitted=len(messages), why=str(e))
    leaving = bool(select.select([sys.stdin], [], [], 0)[0])
consumer.close(autocommit=False)
tell(left=True)
