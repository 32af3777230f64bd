using System.Runtime.InteropServices;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Tests.Support;

/// <summary>Batches in native memory, as frames bring them; freed with the test.</summary>
sealed unsafe class NativeBatches : IDisposable
{
    readonly List<nint> _memory = [];

    public byte* Copy(ReadOnlySpan<byte> bytes)
    {
        byte* at = (byte*)NativeMemory.Alloc((nuint)Math.Max(bytes.Length, 1));
        bytes.CopyTo(new Span<byte>(at, bytes.Length));
        _memory.Add((nint)at);
        return at;
    }

    public ProducedBatch Validate(ReadOnlySpan<byte> bytes, LogConfig? config = null, long nowMs = 0, bool zstdAllowed = true)
    {
        BatchValidator.Validate(Copy(bytes), bytes.Length, config ?? Lenient, nowMs, zstdAllowed, out var batch);
        return batch;
    }

    /// <summary>Any time is welcome.</summary>
    public static LogConfig Lenient { get; } = new() { TimestampAfterMaxMs = long.MaxValue };

    public void Dispose()
    {
        foreach (nint at in _memory) NativeMemory.Free((void*)at);
    }
}

/// <summary>Small batches for tests.</summary>
static class Batches
{
    public static byte[] Plain(int records, long timestamp = 1000, int valueBytes = 10) => Build(records, timestamp, valueBytes, _ => { });

    public static byte[] Of(long producerId, short epoch, int sequence, int records = 1, bool transactional = false, long timestamp = 1000) =>
        Build(records, timestamp, 10, builder =>
        {
            builder.ProducerId = producerId;
            builder.ProducerEpoch = epoch;
            builder.BaseSequence = sequence;
            if (transactional) builder.Attributes = BatchAttributes.Transactional;
        });

    public static byte[] Build(int records, long timestamp, int valueBytes, Action<RecordBatchBuilder> set)
    {
        var builder = new RecordBatchBuilder();
        set(builder);
        byte[] value = new byte[valueBytes];
        for (int i = 0; i < records; i++)
        {
            value.AsSpan().Fill((byte)('a' + i % 26));
            builder.Append(timestamp + i, BitConverter.GetBytes(i), value);
        }
        return builder.ToArray();
    }
}
