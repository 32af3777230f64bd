"""librdkafka, through python3-confluent-kafka."""
import time

import confluent_kafka as ck
from confluent_kafka.admin import AdminClient, ConfigResource, NewPartitions, NewTopic

from lines import Refused, b64, raw, serve

WAIT = 30
servers = None
admin_client = None


def config(**more):
    return {"bootstrap.servers": servers, "client.id": "rdkafka", "message.max.bytes": 20_000_000, **more}


def refused(error):
    if isinstance(error, ck.KafkaException):
        error = error.args[0]
    return Refused(error.code() if error.code() >= 0 else None, f"{error.name()} {error.str()}")


def hello(servers):
    globals()["servers"] = servers
    globals()["admin_client"] = AdminClient(config())
    return {
        "client": f"librdkafka {ck.libversion()[0]}",
        "codecs": ["none", "gzip", "snappy", "lz4", "zstd"],
        "can": ["produce", "consume", "offset", "topics", "create", "grow", "delete", "describe", "alter", "idempotent", "group", "consumer group"],
    }


def produce(topic, records, acks=-1, codec="none", idempotent=False):
    producer = ck.Producer(config(**{
        "acks": acks, "compression.type": codec, "enable.idempotence": idempotent, "linger.ms": 5, "partitioner": "murmur2_random",
        "delivery.timeout.ms": WAIT * 1000 if acks else 10_000,
    }))
    placed, failed = {}, []

    def delivered(i):
        def report(error, message):
            if error is not None:
                failed.append(error)
            else:
                placed[i] = [message.partition(), message.offset() if acks else -1]
        return report

    for i, r in enumerate(records):
        more = {"partition": r["p"]} if r.get("p") is not None else {}
        if r.get("t") is not None:
            more["timestamp"] = r["t"]
        headers = [(name, raw(value)) for name, value in r.get("h") or []]
        producer.produce(topic, value=raw(r["v"]), key=raw(r["k"]), headers=headers or None, on_delivery=delivered(i), **more)
        producer.poll(0)
    producer.flush(WAIT)
    if failed:
        raise refused(failed[0])
    return [placed[i] for i in range(len(records))]


def record(message):
    return {
        "o": message.offset(), "k": b64(message.key()), "v": b64(message.value()), "t": message.timestamp()[1],
        "h": [[name, b64(value)] for name, value in message.headers() or []],
    }


def consume(topic, partition, offset, count, committed=False):
    consumer = ck.Consumer(config(**{
        "group.id": "none", "enable.auto.commit": False, "fetch.wait.max.ms": 100, "fetch.message.max.bytes": 20_000_000,
        "isolation.level": "read_committed" if committed else "read_uncommitted", "check.crcs": True,
    }))
    try:
        consumer.assign([ck.TopicPartition(topic, partition, offset)])
        return [record(m) for m in take(consumer, count)]
    finally:
        consumer.close()


def take(consumer, count):
    taken, end = [], time.monotonic() + WAIT
    while len(taken) < count and time.monotonic() < end:
        for message in consumer.consume(count - len(taken), 0.2):
            if message.error() is not None:
                raise refused(message.error())
            taken.append(message)
    return taken


def offset(topic, partition, time):
    consumer = ck.Consumer(config(**{"group.id": "none"}))
    try:
        if time < 0:
            low, high = consumer.get_watermark_offsets(ck.TopicPartition(topic, partition), timeout=WAIT)
            return low if time == -2 else high
        found = consumer.offsets_for_times([ck.TopicPartition(topic, partition, time)], timeout=WAIT)[0]
        if found.error is not None:
            raise refused(found.error)
        return found.offset if found.offset >= 0 else -1
    except ck.KafkaException as e:
        raise refused(e)
    finally:
        consumer.close()


def topics():
    return {name: len(t.partitions) for name, t in admin_client.list_topics(timeout=WAIT).topics.items()}


def ask(futures):
    try:
        return [future.result(WAIT) for future in futures.values()][0]
    except ck.KafkaException as e:
        raise refused(e)


def create(topic, partitions, replication=1, configs=None):
    ask(admin_client.create_topics([NewTopic(topic, partitions, replication, config=configs or {})]))


def grow(topic, partitions):
    ask(admin_client.create_partitions([NewPartitions(topic, partitions)]))


def delete(topic):
    ask(admin_client.delete_topics([topic], operation_timeout=10))


def describe(topic):
    return {name: e.value for name, e in ask(admin_client.describe_configs([ConfigResource("topic", topic)])).items()}


def alter(topic, configs):
    ask(admin_client.alter_configs([ConfigResource("topic", topic, set_config=configs)]))


def group(group, topic, count, protocol="classic"):
    more = {} if protocol == "classic" else {"group.protocol": protocol}
    consumer = ck.Consumer(config(**{"group.id": group, "auto.offset.reset": "earliest", "enable.auto.commit": False, **more}))
    try:
        consumer.subscribe([topic])
        taken = take(consumer, count)
        if taken:
            consumer.commit(asynchronous=False)
        return [{"p": m.partition(), "o": m.offset(), "v": b64(m.value())} for m in taken]
    finally:
        consumer.close()


serve(globals())
