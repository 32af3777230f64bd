#!/usr/bin/env python3
"""The rules of time beside Kafka's, outside of CI: needs Java and a Kafka distribution; Python without any package.

  tests/kafka-time.py FOLDER [--ports P]   a folder with one script called kafka: "kafka start DIR --port N --set name=value ...",
                                           "kafka node DIR 1", "kafka stop DIR"

The same topics and batches, with the same timestamps, go to Kafka and to this broker, both with short intervals. What they answer, which
segments there are (the names of their files), where the logs begin and end and what compaction leaves must be the same: when segments
roll, what retention takes, how long tombstones and producers are remembered, that deleted records stay deleted after kill -9. Uses ports P, P+1
and P+1001 (P is 20480 unless told). Ends with status 1 if anything differs.
"""
import os, re, shutil, signal, socket, struct, subprocess, sys, tempfile, time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
HOUR = 3_600_000
SETTINGS = {
    "log.retention.check.interval.ms": 1000, "log.initial.task.delay.ms": 500, "log.segment.delete.delay.ms": 500,
    "log.cleaner.backoff.ms": 300, "producer.id.expiration.ms": 3000, "producer.id.expiration.check.interval.ms": 500,
}


def crc32c_table():
    table = []
    for i in range(256):
        for _ in range(8):
            i = (i >> 1) ^ (0x82F63B78 if i & 1 else 0)
        table.append(i)
    return table


TABLE = crc32c_table()


def crc32c(data):
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ TABLE[(crc ^ byte) & 0xFF]
    return crc ^ 0xFFFFFFFF


def varint(value):
    value, out = (value << 1) ^ (value >> 63), b""
    while value >= 0x80:
        out, value = out + bytes([value & 0x7F | 0x80]), value >> 7
    return out + bytes([value])


def text(value):
    return struct.pack(">h", -1) if value is None else struct.pack(">h", len(value)) + value.encode()


def batch(records, producer=(-1, -1, -1)):
    """records: (timestamp, key, value) each."""
    base, body = records[0][0], b""
    for i, (timestamp, key, value) in enumerate(records):
        record = b"\0" + varint(timestamp - base) + varint(i)
        for part in (key, value):
            record += varint(-1) if part is None else varint(len(part)) + part.encode()
        record += varint(0)
        body += varint(len(record)) + record
    rest = struct.pack(">hiqqqhii", 0, len(records) - 1, base, max(r[0] for r in records), *producer, len(records)) + body
    return struct.pack(">qiib", 0, len(rest) + 9, -1, 2) + struct.pack(">I", crc32c(rest)) + rest


class Side:
    """One broker: how it is started and stopped, and the few requests that are needed."""

    def __init__(self, name, port, data):
        self.name, self.port, self.data, self.socket = name, port, data, None

    def ask(self, key, version, body):
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
        frame = struct.pack(">hhi", key, version, 1) + text("times") + body
        self.socket.sendall(struct.pack(">i", len(frame)) + frame)
        answer = b""
        while len(answer) < 4 or len(answer) < 4 + struct.unpack_from(">i", answer)[0]:
            piece = self.socket.recv(1 << 16)
            if not piece:
                raise EOFError(f"{self.name} closed the connection")
            answer += piece
        return answer[8:]

    def lost(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def create(self, topic, configs):
        body = struct.pack(">i", 1) + text(topic) + struct.pack(">ihi", 1, 1, 0) + struct.pack(">i", len(configs))
        for name, value in configs.items():
            body += text(name) + text(str(value))
        answer = self.ask(19, 4, body + struct.pack(">ib", 30000, 0))
        return struct.unpack_from(">h", answer, 8 + 2 + len(topic))[0]

    def produce(self, topic, records, producer=(-1, -1, -1)):
        content = batch(records, producer)
        body = text(None) + struct.pack(">hii", -1, 30000, 1) + text(topic) + struct.pack(">iii", 1, 0, len(content)) + content
        for _ in range(100):
            error, base = struct.unpack_from(">hq", self.ask(0, 7, body), 4 + 2 + len(topic) + 4 + 4)
            if error not in (3, 5, 6):  # a new topic's leader is about to know of it
                break
            time.sleep(0.1)
        return error, base

    def offset(self, topic, when):
        body = struct.pack(">ii", -1, 1) + text(topic) + struct.pack(">iiq", 1, 0, when)
        return struct.unpack_from(">hqq", self.ask(2, 1, body), 4 + 2 + len(topic) + 4 + 4)[::2]

    def delete_before(self, topic, offset):
        body = struct.pack(">i", 1) + text(topic) + struct.pack(">iiqi", 1, 0, offset, 30000)
        return struct.unpack_from(">qh", self.ask(21, 1, body), 4 + 4 + 2 + len(topic) + 4 + 4)

    def producer_id(self):
        for _ in range(100):
            given = struct.unpack_from(">hqh", self.ask(22, 1, text(None) + struct.pack(">i", 60000)), 4)[1]
            if given >= 0:  # Kafka's first answers may say that it has none yet
                return given
            time.sleep(0.1)
        sys.exit(f"{self.name} gives no producer id")

    def segments(self, topic):
        names = os.listdir(os.path.join(self.data, f"{topic}-0"))
        return sorted(int(name[:20]) for name in names if re.fullmatch(r"\d{20}\.log", name))

    def state(self, topic):
        return {"segments": self.segments(topic), "first": self.offset(topic, -2), "end": self.offset(topic, -1)}

    def records(self, topic):
        """What lies in the files, as offset, key and value."""
        folder = os.path.join(self.data, f"{topic}-0")
        files = ",".join(os.path.join(folder, f"{base:020d}.log") for base in self.segments(topic))
        out = subprocess.run([f"{ROOT}/akkastream", "dump-log", "--files", files, "--print-data-log"], capture_output=True, text=True).stdout
        return re.findall(r"offset: (\d+) .*?key: (\S+)(?: payload: (\S+))?", out)


class Kafka(Side):
    def __init__(self, folder, port, work):
        super().__init__("Kafka", port, f"{work}/kafka/1/data")
        self.tool, self.dir = f"{folder}/kafka", f"{work}/kafka"

    def start(self):
        words = [self.tool, "start", self.dir, "--port", str(self.port)]
        for name, value in SETTINGS.items():
            words += ["--set", f"{name}={value}"]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, env={**os.environ, "KAFKA_HEAP": "-Xms256m -Xmx256m"})

    def kill(self):
        self.lost()
        pid = int(open(f"{self.dir}/1/pid").read())
        os.kill(pid, signal.SIGKILL)
        for _ in range(100):
            try:
                os.kill(pid, 0)
            except ProcessLookupError:
                break
            time.sleep(0.1)

    def stop(self):
        self.lost()
        subprocess.run([self.tool, "stop", self.dir], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class Ours(Side):
    def __init__(self, port, work):
        super().__init__("this broker", port, f"{work}/ours")
        self.log, self.process = f"{work}/ours.log", None

    def start(self):
        words = [f"{ROOT}/akkastream", "server", "--override", f"listeners=PLAINTEXT://127.0.0.1:{self.port}", "--override", f"log.dirs={self.data}"]
        for name, value in SETTINGS.items():
            words += ["--override", f"{name}={value}"]
        self.process = subprocess.Popen(words, stdout=open(self.log, "a"), stderr=subprocess.STDOUT)
        for _ in range(600):
            try:
                self.lost()
                self.ask(18, 0, b"")
                return
            except (OSError, EOFError):
                time.sleep(0.1)
        sys.exit(open(self.log).read())

    def kill(self):
        self.lost()
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.lost()
        if self.process is not None:
            self.process.terminate()
            self.process.wait()


passed = failed = 0


def note(name, holds, *told):
    global passed, failed
    passed, failed = passed + bool(holds), failed + (not holds)
    print("pass " if holds else "FAIL ", name, flush=True)
    if not holds:
        for line in told:
            print("       ", line)


def same(name, look, sides, expected=None, patience=40):
    """Until both say the same (and what is expected, where only that is right)."""
    found = {}
    for _ in range(int(patience / 0.5)):
        found = {side.name: look(side) for side in sides}
        values = list(found.values())
        if values[0] == values[1] and (expected is None or expected(values[1])):
            break
        time.sleep(0.5)
    note(name, values[0] == values[1] and (expected is None or expected(values[1])), *(f"{who}: {what}" for who, what in found.items()))


def one(timestamp, key="k", value="v"):
    return [(timestamp, key, value)]


def main():
    words = sys.argv[1:]
    port = int(words.pop(words.index("--ports") + 1)) if "--ports" in words else 20480
    words = [word for word in words if word != "--ports"]
    if len(words) != 1 or not os.access(f"{words[0]}/kafka", os.X_OK):
        print(__doc__, file=sys.stderr)
        return 2
    work = tempfile.mkdtemp(prefix="akkastream-times-")
    sides = [Kafka(os.path.abspath(words[0]), port + 1, work), Ours(port, work)]
    try:
        subprocess.run([f"{ROOT}/akkastream", "version"], check=True, stdout=subprocess.DEVNULL)  # a build is no part of a start
        for side in sides:
            side.start()
        compare(sides)
    finally:
        for side in sides:
            side.stop()
        shutil.rmtree(work, ignore_errors=True)
    print(f"{passed} passed, {failed} failed")
    return 0 if failed == 0 else 1


def compare(sides):
    now = int(time.time() * 1000)
    old = now - 2 * HOUR
    rolling = {"segment.ms": 5000, "segment.jitter.ms": 0}
    compacted = {"cleanup.policy": "compact", "segment.ms": 1, "min.cleanable.dirty.ratio": 0.01}
    topics = {  # configs, and batches of one record each: timestamp, key, value
        "rolls": ({**rolling, "retention.ms": -1}, [(t,) for t in (now, now + 4000, now + 5000, now + 5001, now + 1, now + 10_002, now + 20_000)]),
        "rolls-old": ({**rolling, "retention.ms": -1}, [(t,) for t in (old, old + 5001, old + 5002, now, old)]),
        "expired": ({"retention.ms": 2000}, [(old,), (old + 1,), (old + 2,)]),
        "oldest": ({**rolling, "retention.ms": HOUR}, [(old,), (old + 6000,), (now,), (now + 6000,)]),
        "stops": ({**rolling, "retention.ms": HOUR}, [(now - 60_000,), (old,), (now,)]),
        "future": ({"retention.ms": 1000}, [(now + HOUR // 2,), (old,)]),
        "appended": ({"retention.ms": HOUR, "message.timestamp.type": "LogAppendTime"}, [(old,), (old + 1,)]),
        "size": ({"retention.bytes": 2500, "segment.bytes": 1048576, **rolling}, [(now + 6000 * i, "k", "v" * 900) for i in range(6)]),
        "deleted": ({**rolling, "retention.ms": -1}, [(now + 6000 * i,) for i in range(6)]),
        "tombs": ({**compacted, "delete.retention.ms": 1000}, [(now, "a", "1"), (now + 10, "b", "1"), (now + 20, "a", None), (now + 30, "c", "1")]),
        "tombs-kept": ({**compacted, "delete.retention.ms": HOUR}, [(now, "a", "1"), (now + 10, "b", "1"), (now + 20, "a", None), (now + 30, "c", "1")]),
        "lagging": (
            {"cleanup.policy": "compact", "min.cleanable.dirty.ratio": 0.99, "max.compaction.lag.ms": 2000, "segment.ms": HOUR},
            [(old, "a", "1"), (old + 1, "a", "2"), (now, "b", "1")]),
        "too-young": ({**compacted, "min.compaction.lag.ms": HOUR}, [(now, "a", "1"), (now + 10, "a", "2"), (now + 20, "b", "1")]),
    }
    for topic, (configs, batches) in topics.items():
        answers = []
        for side in sides:
            made = side.create(topic, configs)
            answers.append([made] + [side.produce(topic, one(*record)) for record in batches])
        note(f"{topic}: made and filled alike", answers[0] == answers[1] and answers[0][0] == 0, *answers)
    for topic in ("rolls", "rolls-old", "deleted"):
        same(f"{topic}: segments end at the same batches", lambda side: side.state(topic), sides, lambda s: len(s["segments"]) > 1)
    same("expired: all of it goes, with the segment that was written to", lambda side: side.state("expired"), sides, lambda s: s["segments"] == [3])
    same("oldest: what is old goes and what is not stays", lambda side: side.state("oldest"), sides, lambda s: s["first"] == (0, 2))
    same("size: what is too much goes", lambda side: side.state("size"), sides, lambda s: s["segments"][0] > 0)
    for topic in ("stops", "future", "appended"):
        same(f"{topic}: nothing goes", lambda side: side.state(topic), sides, lambda s: s["first"] == (0, 0))

    compare_compaction(sides, now)
    compare_producers(sides, now)
    same("rolls: no segment ends by waiting", lambda side: side.state("rolls"), sides, lambda s: s["end"] == (0, 7))
    compare_deletion(sides)


def compare_compaction(sides, now):
    def left(topic, expected):
        same(f"{topic}: the same is left", lambda side: side.records(topic), sides, lambda r: [(o, k, v) for o, k, v in r] == expected)

    left("tombs-kept", [("1", "b", "1"), ("2", "a", ""), ("3", "c", "1")])
    left("lagging", [("1", "a", "2"), ("2", "b", "1")])
    left("too-young", [("0", "a", "1"), ("1", "a", "2"), ("2", "b", "1")])
    time.sleep(3)  # delete.retention.ms, from the first time that they were compacted
    for side in sides:
        for i in range(2):
            side.produce("tombs", one(now + 40 + 10 * i, f"d{i}", "1"))
    left("tombs", [("1", "b", "1"), ("3", "c", "1"), ("4", "d0", "1"), ("5", "d1", "1")])


def compare_producers(sides, now):
    for side in sides:
        side.create("producers", {"retention.ms": -1})
    ids = {side.name: (side.producer_id(), side.producer_id()) for side in sides}

    def send(side, which, sequence, timestamp):
        return side.produce("producers", one(timestamp), (ids[side.name][which], 0, sequence))

    same("producers: known while they are young", lambda side: [send(side, 0, 0, now - HOUR), send(side, 1, 0, now + HOUR // 2)], sides, patience=0.5)
    same("producers: one that is known must go on in order", lambda side: send(side, 1, 7, now)[0], sides, lambda e: e == 45, patience=0.5)
    time.sleep(5)
    same("producers: one that is forgotten may begin anywhere", lambda side: send(side, 0, 7, now)[0], sides, lambda e: e == 0, patience=0.5)
    same("producers: one whose records are of later is not forgotten", lambda side: send(side, 1, 7, now)[0], sides, lambda e: e == 45, patience=0.5)


def compare_deletion(sides):
    same("deleted: records are deleted", lambda side: side.delete_before("deleted", 3), sides, lambda a: a == (3, 0), patience=0.5)
    same("deleted: their segments go", lambda side: side.state("deleted"), sides, lambda s: s["segments"][0] > 0)
    same("deleted: a part of a segment", lambda side: side.delete_before("rolls", 6), sides, lambda a: a == (6, 0), patience=0.5)
    for side in sides:
        side.kill()
    for side in sides:
        side.start()
    note("deleted: and stay deleted after kill -9, without waiting for a checkpoint", sides[1].offset("rolls", -2) == (0, 6), sides[1].state("rolls"))
    print(f"       (Kafka's log begins at {sides[0].offset('rolls', -2)[1]} then)")
    same("deleted: the end is where it was", lambda side: side.offset("rolls", -1), sides, lambda o: o == (0, 7))


if __name__ == "__main__":
    sys.exit(main())
