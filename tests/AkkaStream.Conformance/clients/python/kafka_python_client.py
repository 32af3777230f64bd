"""kafka-python, as Debian ships it."""
import time

import kafka
from kafka import KafkaAdminClient, KafkaConsumer, KafkaProducer, TopicPartition
from kafka.admin import ConfigResource, ConfigResourceType, NewPartitions, NewTopic
from kafka.errors import BrokerResponseError

from lines import Refused, b64, raw, serve

WAIT = 30
servers = None
admin_client = None


def refused(error):
    return Refused(getattr(error, "errno", None), f"{type(error).__name__} {error}")


def hello(servers):
    globals()["servers"] = servers
    globals()["admin_client"] = KafkaAdminClient(bootstrap_servers=servers, client_id="kafka-python")
    return {
        "client": f"kafka-python {kafka.__version__}",
        "codecs": ["none", "gzip", "snappy", "lz4", "zstd"],
        "can": ["produce", "consume", "offset", "topics", "create", "grow", "delete", "describe", "alter", "group"],
    }


def produce(topic, records, acks=-1, codec="none", idempotent=False):
    producer = KafkaProducer(
        bootstrap_servers=servers, acks="all" if acks == -1 else acks, compression_type=None if codec == "none" else codec, linger_ms=5,
        max_request_size=20_000_000, buffer_memory=64_000_000, max_block_ms=WAIT * 1000, retries=3)
    try:
        sent = [
            producer.send(topic, value=raw(r["v"]), key=raw(r["k"]), partition=r.get("p"), timestamp_ms=r.get("t"),
                          headers=[(name, raw(value)) for name, value in r.get("h") or []])
            for r in records
        ]
        producer.flush(WAIT)
        done = [future.get(WAIT) for future in sent]
        return [[m.partition, m.offset if acks else -1] for m in done]
    except BrokerResponseError as e:
        raise refused(e)
    finally:
        producer.close(5)


def record(m):
    return {"o": m.offset, "k": b64(m.key), "v": b64(m.value), "t": m.timestamp, "h": [[name, b64(value)] for name, value in m.headers]}


def consume(topic, partition, offset, count, committed=False):
    consumer = KafkaConsumer(
        bootstrap_servers=servers, group_id=None, enable_auto_commit=False, fetch_max_wait_ms=100, max_partition_fetch_bytes=20_000_000,
        consumer_timeout_ms=WAIT * 1000, check_crcs=True)
    try:
        consumer.assign([TopicPartition(topic, partition)])
        consumer.seek(TopicPartition(topic, partition), offset)
        return [record(m) for _, m in zip(range(count), consumer)]
    except BrokerResponseError as e:
        raise refused(e)
    finally:
        consumer.close()


def offset(topic, partition, time):
    consumer = KafkaConsumer(bootstrap_servers=servers, group_id=None)
    place = TopicPartition(topic, partition)
    try:
        if time == -1:
            return consumer.end_offsets([place])[place]
        if time == -2:
            return consumer.beginning_offsets([place])[place]
        found = consumer.offsets_for_times({place: time})[place]
        return found.offset if found is not None else -1
    except BrokerResponseError as e:
        raise refused(e)
    finally:
        consumer.close()


def topics():
    consumer = KafkaConsumer(bootstrap_servers=servers, group_id=None)
    try:
        return {name: len(consumer.partitions_for_topic(name) or []) for name in consumer.topics()}
    finally:
        consumer.close()


def ask(call, *arguments):
    try:
        return call(*arguments)
    except BrokerResponseError as e:
        raise refused(e)


def create(topic, partitions, replication=1, configs=None):
    ask(admin_client.create_topics, [NewTopic(topic, partitions, replication, topic_configs=configs or {})])


def grow(topic, partitions):
    ask(admin_client.create_partitions, {topic: NewPartitions(partitions)})


def delete(topic):
    ask(admin_client.delete_topics, [topic], 10_000)


def describe(topic):
    answers = ask(admin_client.describe_configs, [ConfigResource(ConfigResourceType.TOPIC, topic)])
    code, text, _, _, entries = answers[0].resources[0]
    if code:
        raise Refused(code, text)
    return {entry[0]: entry[1] for entry in entries}


def alter(topic, configs):
    answer = ask(admin_client.alter_configs, [ConfigResource(ConfigResourceType.TOPIC, topic, configs)])
    code, text = answer.resources[0][:2]
    if code:
        raise Refused(code, text)


def group(group, topic, count, protocol="classic"):
    consumer = KafkaConsumer(
        topic, bootstrap_servers=servers, group_id=group, auto_offset_reset="earliest", enable_auto_commit=False, consumer_timeout_ms=WAIT * 1000)
    try:
        taken, end = [], time.monotonic() + WAIT
        while len(taken) < count and time.monotonic() < end:
            for messages in consumer.poll(200, count - len(taken)).values():
                taken += messages
        if taken:
            consumer.commit()
        return [{"p": m.partition, "o": m.offset, "v": b64(m.value)} for m in taken]
    finally:
        consumer.close()


serve(globals())
