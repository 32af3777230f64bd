using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.TestKit.Twin;

/// <summary>A record batch from its description in a script, which may ask for it to be broken in any of its parts.</summary>
static class BatchWriter
{
    const int LogAppendTime = 8, Transactional = 16, Control = 32;

    static readonly string[] Codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

    public static byte[] Write(JsonObject batch)
    {
        int magic = batch.Int("magic", 2);
        if (magic < 2 && !batch.Flag("asV2")) return WriteOldSet(batch, magic);
        int codec = CodecOf(batch);
        long baseTime = batch.Number("ts", Now());
        byte[] body = Records(batch, baseTime, out int count, out long maxTime);
        if (codec != 0) body = Compress(codec, body);
        if (batch.Flag("garbage")) body = [.. body.Select(b => (byte)(b ^ 0x5a))];
        byte[] tail = new WireBytes()
            .Int16(Attributes(batch, codec)).Int32(batch.Number("lastOffsetDelta", count - 1))
            .Int64(baseTime).Int64(batch.Number("maxTs", maxTime))
            .Int64(batch.Number("pid", -1)).Int16(batch.Number("epoch", -1)).Int32(batch.Number("seq", -1))
            .Int32(batch.Number("count", count)).Put(body).ToArray();
        uint crc = Crc32C.Compute(tail);
        if (batch.Flag("badCrc")) crc ^= 1;
        long length = 4 + 1 + 4 + tail.Length + batch.Number("lengthPlus", 0);
        byte[] all = new WireBytes()
            .Int64(batch.Number("offset", 0)).Int32(batch.Number("length", length)).Int32(batch.Number("leaderEpoch", -1))
            .Int8(magic).Int32(crc).Put(tail).ToArray();
        return all[..^batch.Int("cut", 0)];
    }

    static int Attributes(JsonObject batch, int codec)
    {
        int attributes = batch.Int("codecId", codec);
        if (batch.Flag("logAppendTime")) attributes |= LogAppendTime;
        if (batch.Flag("txn")) attributes |= Transactional;
        if (batch.Flag("control")) attributes |= Control;
        return batch.Int("attributes", attributes);
    }

    static int CodecOf(JsonObject batch)
    {
        int codec = Array.IndexOf(Codecs, batch.Text("codec", "none"));
        return codec >= 0 ? codec : throw new JsonException($"no codec is called {batch["codec"].Text()}");
    }

    static byte[] Records(JsonObject batch, long baseTime, out int count, out long maxTime)
    {
        var to = new WireBytes();
        count = 0;
        long? max = null;
        foreach (var record in batch.Items("r"))
        {
            int times = record is JsonObject repeated ? repeated.Int("n", 1) : 1;
            long time = record is JsonObject stamped ? stamped.Number("ts", baseTime) : baseTime;
            if (times > 0) max = Math.Max(max ?? time, time);
            for (int i = 0; i < times; i++) WriteRecord(to, record, count++, time - baseTime);
        }

        maxTime = max ?? baseTime;
        return to.ToArray();
    }

    static void WriteRecord(WireBytes to, JsonNode? record, int delta, long timeDelta)
    {
        var json = record as JsonObject;
        byte[]? value = json is null ? ScriptBytes.Of(record) : ScriptBytes.Of(json["v"]);
        var inner = new WireBytes().Int8(0).Signed(timeDelta).Signed(json?.Int("delta", delta) ?? delta)
            .Counted(ScriptBytes.Of(json?["k"])).Counted(value);
        var headers = json?["h"] as JsonArray ?? [];
        inner.Signed(headers.Count);
        foreach (var header in headers.Cast<JsonArray>()) inner.Counted(ScriptBytes.Of(header[0])).Counted(ScriptBytes.Of(header[1]));
        to.Signed(inner.Length + (json?.Int("lengthPlus", 0) ?? 0)).Put(inner.ToArray());
    }

    static byte[] Compress(int codec, byte[] plain)
    {
        var to = new ArrayBufferWriter<byte>();
        return RecordCodecs.TryCompress((CompressionCodec)codec, 0, plain, to)
            ? to.WrittenSpan.ToArray()
            : throw new JsonException($"{Codecs[codec]} cannot be written here");
    }

    /// <summary>A message set of the formats before record batches; uncompressed.</summary>
    static byte[] WriteOldSet(JsonObject batch, int magic)
    {
        var to = new WireBytes();
        int offset = 0;
        foreach (var record in batch.Items("r"))
        {
            var json = record as JsonObject;
            byte[]? key = ScriptBytes.Of(json?["k"]), value = json is null ? ScriptBytes.Of(record) : ScriptBytes.Of(json["v"]);
            var inner = new WireBytes().Int8(magic).Int8(0);
            if (magic == 1) inner.Int64(batch.Number("ts", Now()));
            inner.Int32(key?.Length ?? -1).Put(key).Int32(value?.Length ?? -1).Put(value);
            byte[] bytes = inner.ToArray();
            to.Int64(offset++).Int32(bytes.Length + 4).Int32(Crc32(bytes)).Put(bytes);
        }

        return to.ToArray();
    }

    static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>The checksum of the old formats, a bit at a time: they are rare and short.</summary>
    static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        uint crc = ~0u;
        foreach (byte next in bytes)
        {
            crc ^= next;
            for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) == 0 ? 0 : 0xEDB8_8320u);
        }

        return ~crc;
    }
}
