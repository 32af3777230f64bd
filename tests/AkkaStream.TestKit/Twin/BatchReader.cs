using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.TestKit.Twin;

/// <summary>Batches as an answer holds them, every header value and record in JSON.</summary>
static class BatchReader
{
    const int Overhead = 12, HeaderLength = 61, ShownRecords = 20, ShownText = 400;

    static readonly string[] Codecs = ["none", "gzip", "snappy", "lz4", "zstd"];

    /// <summary>Printable text as it is, every other byte as \xNN; long texts by their length and checksum.</summary>
    public static string Show(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        foreach (byte b in bytes)
        {
            if (b is >= 32 and < 127 and not (byte)'\\') text.Append((char)b);
            else text.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}");
        }

        return text.Length <= ShownText ? text.ToString() : $"{text.ToString(0, 60)}...({bytes.Length} bytes, crc {Crc32C.Compute(bytes):x})";
    }

    public static JsonArray Read(ReadOnlySpan<byte> all)
    {
        var batches = new JsonArray();
        while (all.Length > 0)
        {
            int length = all.Length < 17 ? 0 : BinaryPrimitives.ReadInt32BigEndian(all[8..]);
            if (all.Length < 17 || length < 0 || all.Length < Overhead + length)
            {
                batches.Add(new JsonObject { ["_partial"] = all.Length });
                break;
            }

            batches.Add(ReadBatch(all[..(Overhead + length)]));
            all = all[(Overhead + length)..];
        }

        return batches;
    }

    static JsonObject ReadBatch(ReadOnlySpan<byte> bytes)
    {
        var json = new JsonObject { ["offset"] = BinaryPrimitives.ReadInt64BigEndian(bytes) };
        if (bytes[16] != 2 || bytes.Length < HeaderLength)
        {
            json["magic"] = (sbyte)bytes[16];
            json["hex"] = Convert.ToHexStringLower(bytes);
            return json;
        }

        try
        {
            ReadCurrent(bytes, json);
        }
        catch (MalformedException mistake)
        {
            json["_malformed"] = $"the batch cannot be read: {mistake.Message}";
        }

        return json;
    }

    static void ReadCurrent(ReadOnlySpan<byte> bytes, JsonObject json)
    {
        var batch = new RecordBatch(bytes);
        int attributes = (short)batch.Attributes;
        json["leaderEpoch"] = batch.PartitionLeaderEpoch;
        json["crcRight"] = batch.Crc == Crc32C.Compute(bytes[RecordBatch.CrcStart..]);
        int codec = attributes & 7;
        if (codec >= Codecs.Length) throw new MalformedException($"codec {codec}");
        json["codec"] = Codecs[codec];
        if (batch.IsLogAppendTime) json["logAppendTime"] = true;
        if (batch.IsTransactional) json["txn"] = true;
        if (batch.IsControl) json["control"] = true;
        if ((attributes & ~63) != 0) json["attributes"] = attributes;
        json["lastOffsetDelta"] = batch.LastOffsetDelta;
        json["baseTimestamp"] = batch.BaseTimestamp;
        json["maxTimestamp"] = batch.MaxTimestamp;
        if (batch.HasProducerId)
        {
            json["producerId"] = batch.ProducerId;
            json["epoch"] = batch.ProducerEpoch;
            json["seq"] = batch.BaseSequence;
        }

        json["count"] = batch.RecordCount;
        byte[] plain = codec == 0 ? bytes[HeaderLength..].ToArray() : Decompress(batch.Codec, bytes[HeaderLength..]);
        ReadRecords(plain, batch.RecordCount, batch.BaseTimestamp, batch.IsControl, json);
    }

    static void ReadRecords(ReadOnlySpan<byte> plain, int count, long baseTime, bool isControl, JsonObject json)
    {
        var records = new JsonArray();
        json["r"] = records;
        var from = new WireCursor(plain);
        for (int i = 0; i < count; i++)
        {
            var record = ReadRecord(from.Take((int)from.Signed()), baseTime, isControl);
            if (records.Count < ShownRecords || i == count - 1) records.Add(record);
        }

        if (from.Remaining > 0) json["_leftOver"] = from.Remaining;
    }

    static JsonObject ReadRecord(ReadOnlySpan<byte> bytes, long baseTime, bool isControl)
    {
        var json = new JsonObject();
        var from = new WireCursor(bytes);
        sbyte attributes = from.Int8();
        if (attributes != 0) json["attributes"] = attributes;
        json["timestamp"] = baseTime + from.Signed();
        json["delta"] = from.Signed();
        byte[]? key = from.Counted(), value = from.Counted();
        if (isControl && key?.Length >= 4)
        {
            int type = BinaryPrimitives.ReadInt16BigEndian(key.AsSpan(2));
            json["marker"] = type switch { 0 => "ABORT", 1 => "COMMIT", _ => $"type {type}" };
            if (value?.Length >= 6) json["coordinatorEpoch"] = BinaryPrimitives.ReadInt32BigEndian(value.AsSpan(2));
        }
        else
        {
            json["k"] = key is null ? null : Show(key);
            json["v"] = value is null ? null : Show(value);
        }

        ReadHeaders(ref from, json);
        if (from.Remaining > 0) json["_leftOver"] = from.Remaining;
        return json;
    }

    static void ReadHeaders(ref WireCursor from, JsonObject json)
    {
        int count = (int)from.Signed();
        if (count <= 0) return;
        var headers = new JsonArray();
        for (int i = 0; i < count; i++)
        {
            byte[]? key = from.Counted(), value = from.Counted();
            headers.Add(new JsonArray(Show(key), value is null ? null : JsonValue.Create(Show(value))));
        }

        json["h"] = headers;
    }

    static byte[] Decompress(CompressionCodec codec, ReadOnlySpan<byte> compressed)
    {
        using var source = RecordsDecompressor.Start(codec, compressed, 1L << 30);
        var plain = new MemoryStream();
        var window = new byte[64 << 10];
        for (int read; (read = source.Read(window)) > 0;) plain.Write(window, 0, read);
        return source.Fault is { } fault ? throw new MalformedException(fault) : plain.ToArray();
    }
}
