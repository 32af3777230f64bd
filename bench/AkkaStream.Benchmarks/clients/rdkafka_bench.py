"""Drives a broker with librdkafka for ./dev bench produce|fetch; prints one line of JSON.

usage: rdkafka_bench.py produce BOOTSTRAP TOPIC SIZE COUNT [name=value,...]         as fast as it goes
       rdkafka_bench.py fetch   BOOTSTRAP TOPIC SIZE COUNT [name=value,...]         reads COUNT records from the beginning
       rdkafka_bench.py paced   BOOTSTRAP TOPIC SIZE COUNT [name=value,...] RATE    time to the confirmation, at RATE records/s
       rdkafka_bench.py follow  BOOTSTRAP TOPIC SIZE COUNT [name=value,...] RATE    time from the producer to a consumer, at RATE records/s
"""
import json
import random
import sys
import threading
import time

from confluent_kafka import Consumer, KafkaError, Producer, TopicPartition

mode, bootstrap, topic, size, count = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int(sys.argv[5])
settings = dict(s.split("=", 1) for s in filter(None, (sys.argv[6] if len(sys.argv) > 6 else "").split(",")))
rate = float(sys.argv[7]) if len(sys.argv) > 7 else 0
words = random.Random(1)
values = ["".join(words.choice("abcdefghijklmnop {}:,\"0123456789") for _ in range(size)).encode() for _ in range(50)]
failed = []
latencies = []


def delivered(error, message):
    if error:
        failed.append(str(error))
    elif rate:
        latencies.append(message.latency())


def new_producer():
    config = {"bootstrap.servers": bootstrap, "queue.buffering.max.messages": 200000, "queue.buffering.max.kbytes": 262144,
              "on_delivery": delivered}
    return Producer({**config, **settings})


def new_consumer():
    return Consumer({"bootstrap.servers": bootstrap, "group.id": "bench", "enable.auto.commit": False, "auto.offset.reset": "earliest",
                     "fetch.wait.max.ms": 500, "queued.min.messages": 100000, **settings})


def partitions(consumer):
    return sorted(consumer.list_topics(topic, timeout=30).topics[topic].partitions)


def produce():
    producer = new_producer()
    begin = time.perf_counter()
    for i in range(count):
        if rate:
            ahead = begin + i / rate - time.perf_counter()
            if ahead > 0:
                producer.poll(0)
                time.sleep(ahead)
        while True:
            try:
                value = values[i % 50]
                producer.produce(topic, value if mode != "follow" else repr(time.time()).encode().ljust(size, b" "))
                break
            except BufferError:
                producer.poll(0.01)
        if i % 1000 == 0 or rate:
            producer.poll(0)
    left = producer.flush(120)
    if left or failed:
        sys.exit(f"{left} records left, {len(failed)} errors: {failed[:3]}")
    return time.perf_counter() - begin


def fetch():
    consumer = new_consumer()
    consumer.assign([TopicPartition(topic, p, 0) for p in partitions(consumer)])
    begin, have = time.perf_counter(), 0
    while have < count:
        messages = consumer.consume(10000, 30)
        if not messages:
            sys.exit(f"{have} of {count} records came")
        have += sum(1 for m in messages if not m.error())
    seconds = time.perf_counter() - begin
    consumer.close()
    return seconds


def follow():
    consumer = new_consumer()
    ends = [TopicPartition(topic, p, consumer.get_watermark_offsets(TopicPartition(topic, p), 30)[1]) for p in partitions(consumer)]
    consumer.assign(ends)
    consumer.poll(0.5)
    sender = threading.Thread(target=produce)
    sender.start()
    latencies.clear()
    got = []
    while len(got) < count:
        message = consumer.poll(30)
        if message is None:
            sys.exit(f"{len(got)} of {count} records came")
        if not message.error():
            got.append(time.time() - float(message.value().split()[0]))
    sender.join()
    consumer.close()
    latencies[:] = got


seconds = 0.0
if mode in ("produce", "paced"):
    seconds = produce()
elif mode == "fetch":
    seconds = fetch()
else:
    follow()
latencies.sort()
at = [latencies[min(len(latencies) - 1, int(len(latencies) * p))] * 1000 for p in (0.5, 0.99, 0.999)] if latencies else []
print(json.dumps({"seconds": seconds, "latencies": at}))
