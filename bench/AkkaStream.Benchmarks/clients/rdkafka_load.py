"""Produces COUNT records of SIZE bytes with librdkafka and prints the seconds it took.

usage: rdkafka_load.py BOOTSTRAP TOPIC SIZE COUNT [name=value,...]
"""
import random
import sys
import time

from confluent_kafka import Producer

bootstrap, topic, size, count = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
config = {"bootstrap.servers": bootstrap, "queue.buffering.max.messages": 200000, "queue.buffering.max.kbytes": 262144}
for setting in filter(None, (sys.argv[5] if len(sys.argv) > 5 else "").split(",")):
    name, value = setting.split("=", 1)
    config[name] = value
failed = []
config["error_cb"] = lambda e: failed.append(str(e))
config["on_delivery"] = lambda e, m: failed.append(str(e)) if e else None
producer = Producer(config)
words = random.Random(1)
values = ["".join(words.choice("abcdefghijklmnop {}:,\"0123456789") for _ in range(size)).encode() for _ in range(50)]
begin = time.perf_counter()
for i in range(count):
    while True:
        try:
            producer.produce(topic, values[i % 50])
            break
        except BufferError:
            producer.poll(0.01)
    if i % 1000 == 0:
        producer.poll(0)
left = producer.flush(120)
if left or failed:
    print(f"{left} records left, {len(failed)} errors: {failed[:3]}")
    sys.exit(1)
print(time.perf_counter() - begin)
