using AkkaStream.Protocol.Records;

namespace AkkaStream.Protocol.Tests.Records;

/// <summary>The walk, which takes short numbers in line, against a reading that takes every number by the book.</summary>
public sealed unsafe class RecordWalkTests
{
    [Fact]
    public void The_walk_accepts_what_a_plain_reading_accepts_and_finds_the_same()
    {
        for (int seed = 0; seed < 3_000; seed++)
        {
            var random = new Random(seed);
            byte[] batch = Batch(random);
            if (seed % 3 != 0) Spoil(random, batch);
            var (fits, most, least, keyless) = Read(batch);
            fixed (byte* bytes = batch)
            {
                var fault = RecordWalk.OverPlain(
                    bytes + RecordBatch.HeaderLength, batch.Length - RecordBatch.HeaderLength, new RecordBatch(batch), out var findings);
                Assert.True(fits == (fault == RecordFault.None), $"seed {seed}: the walk says {fault}, a plain reading {(fits ? "" : "not ")}well formed");
                if (fits) Assert.Equal((most, least, keyless), (findings.MaxTimestamp, findings.MinTimestamp, findings.FirstKeyless));
            }
        }
    }

    /// <summary>Numbers of one, two and three bytes in every place: many records, large and small ones, far times.</summary>
    static byte[] Batch(Random random)
    {
        var builder = new RecordBatchBuilder();
        int count = random.Next(4) switch { 0 => 1, 1 => random.Next(2, 63), 2 => random.Next(63, 300), _ => random.Next(1, 5) };
        int largest = count > 60 ? 70 : random.Next(2) == 0 ? 200 : 20_000;
        for (int i = 0; i < count; i++)
        {
            byte[] key = Bytes(random, largest / 2), value = Bytes(random, largest);
            long time = 1_700_000_000_000 + random.Next(3) switch { 0 => 0, 1 => random.Next(-60, 200), _ => random.NextInt64(-1L << 40, 1L << 40) };
            bool hasKey = random.Next(3) > 0, hasValue = random.Next(3) > 0, hasHeader = random.Next(4) == 0;
            byte[] header = [2, (byte)'h', 4, 1, 2]; // a name of one byte, a value of two
            builder.Append(time, hasKey, hasKey ? key : [], hasValue, hasValue ? value : [], hasHeader ? header : [], hasHeader ? 1 : 0, i);
        }
        return builder.ToArray();
    }

    static byte[] Bytes(Random random, int most)
    {
        byte[] bytes = new byte[random.Next(most + 1)];
        random.NextBytes(bytes);
        return bytes;
    }

    static void Spoil(Random random, byte[] batch)
    {
        for (int times = random.Next(1, 4); times > 0; times--)
        {
            // Most numbers stand near the beginning of a record, and the first record's near the beginning of all.
            int reach = random.Next(2) == 0 ? Math.Min(16, batch.Length - RecordBatch.HeaderLength) : batch.Length - RecordBatch.HeaderLength;
            batch[RecordBatch.HeaderLength + random.Next(reach)] = random.Next(3) switch { 0 => 0x80, 1 => 0, _ => (byte)random.Next(256) };
        }
    }

    static (bool Fits, long Most, long Least, int Keyless) Read(byte[] batch)
    {
        long baseTimestamp = new RecordBatch(batch).BaseTimestamp, most = -1, least = long.MaxValue;
        int keyless = -1, at = RecordBatch.HeaderLength, end = batch.Length;
        for (int i = 0; i < new RecordBatch(batch).RecordCount; i++)
        {
            end = batch.Length;
            if (!Number(out int length) || length < 1 || length > end - at) return default;
            end = at + length;
            at++;
            int used = RecordVarint.TryRead(batch.AsSpan(at, end - at), out long timestamp);
            at += used;
            if (used == 0 || !Number(out int offset) || offset != i) return default;
            if (!Field(null, out bool hasKey) || !Field(null, out _) || !Number(out int headers) || headers < 0) return default;
            for (; headers > 0; headers--)
            {
                if (!Field(true, out _) || !Field(null, out _)) return default;
            }
            if (at != end) return default;
            timestamp += baseTimestamp;
            most = Math.Max(most, timestamp);
            if (timestamp != -1) least = Math.Min(least, timestamp);
            if (!hasKey && keyless < 0) keyless = i;
        }
        return (at == batch.Length, most, least, keyless);

        bool Number(out int value)
        {
            int used = RecordVarint.TryRead(batch.AsSpan(at, end - at), out value);
            at += used;
            return used > 0;
        }

        bool Field(bool? isThere, out bool has)
        {
            bool read = Number(out int length) && length >= -1 && length <= end - at;
            has = length >= 0;
            at += Math.Max(read ? length : 0, 0);
            return read && (has || isThere != true);
        }
    }
}
