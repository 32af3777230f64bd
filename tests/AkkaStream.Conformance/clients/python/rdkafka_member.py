"""A member of a group with librdkafka, until it is told to leave or killed. See README.md one folder up."""
import json
import select
import sys

import confluent_kafka as ck

servers, group, topic, strategy, instance = (sys.argv[1:] + [""])[:5]


def tell(**what):
    print(json.dumps(what), flush=True)


config = {
    "bootstrap.servers": servers, "group.id": group, "client.id": "rdkafka-member", "auto.offset.reset": "earliest", "enable.auto.commit": False,
    "session.timeout.ms": 6000, "heartbeat.interval.ms": 500, "partition.assignment.strategy": strategy or "range", "fetch.wait.max.ms": 50,
}
if instance:
    config["group.instance.id"] = instance
consumer = ck.Consumer(config)


def assigned(c, partitions):
    if strategy == "cooperative-sticky":
        c.incremental_assign(partitions)
    else:
        c.assign(partitions)
    tell(assigned=sorted(p.partition for p in c.assignment()))


def revoked(c, partitions):
    if strategy == "cooperative-sticky":
        c.incremental_unassign(partitions)
        tell(assigned=sorted(p.partition for p in c.assignment()))
    else:
        c.unassign()
        tell(assigned=[])


consumer.subscribe([topic], on_assign=assigned, on_revoke=revoked, on_lost=revoked)
leaving = False
while not leaving:
    messages = [m for m in consumer.consume(200, 0.05) if m.error() is None]
    if messages:
        try:
            consumer.commit(asynchronous=False)
            tell(read=[[m.partition(), m.offset(), m.value().decode()] for m in messages])
        except ck.KafkaException as e:
            tell(uncommitted=len(messages), why=str(e))
    leaving = bool(select.select([sys.stdin], [], [], 0)[0])
consumer.close()
tell(left=True)
