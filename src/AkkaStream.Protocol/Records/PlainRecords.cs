using System.Buffers;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// The records of one batch as plain bytes: the batch's own when it is not compressed, else decompressed into a pooled
/// array that goes back on Dispose. Memory follows what really comes out, and stops at <c>maxBytes</c>.
/// </summary>
public ref struct PlainRecords : IDisposable
{
    byte[]? _rented;

    /// <summary>Valid until Dispose; empty when opening failed.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    public RecordFault Fault { get; private set; }

    /// <summary>Words for <see cref="Fault"/>, with the codec's own reason where there is one.</summary>
    public string? Reason { get; private set; }

    /// <summary>The span must hold the whole batch, and may hold more.</summary>
    public static PlainRecords Open(ReadOnlySpan<byte> bytes, int maxBytes)
    {
        var batch = new RecordBatch(bytes);
        var records = bytes[RecordBatch.HeaderLength..(int)batch.SizeInBytes];
        var plain = new PlainRecords();
        if (batch.Codec == CompressionCodec.None)
        {
            plain.Bytes = records;
            return plain;
        }
        if (!RecordCodecs.IsKnown(batch.Codec)) return plain.Failed(RecordFault.UnknownCodec, null);
        plain.Fill(batch.Codec, records, maxBytes);
        return plain;
    }

    void Fill(CompressionCodec codec, ReadOnlySpan<byte> records, int maxBytes)
    {
        _rented = ArrayPool<byte>.Shared.Rent((int)Math.Clamp(records.Length * 4L, 256, 64 * 1024));
        using var source = RecordsDecompressor.Start(codec, records, maxBytes);
        int length = 0;
        while (true)
        {
            if (length == _rented.Length) Grow();
            int read = source.Read(_rented.AsSpan(length));
            if (read == 0) break;
            length += read;
        }
        Bytes = _rented.AsSpan(0, length);
        if (source.Fault != null) Failed(RecordFault.NotDecompressible, source.Fault);
    }

    void Grow()
    {
        byte[] old = _rented ?? [];
        _rented = ArrayPool<byte>.Shared.Rent(checked(old.Length * 2));
        old.CopyTo(_rented, 0);
        ArrayPool<byte>.Shared.Return(old);
    }

    PlainRecords Failed(RecordFault fault, string? reason)
    {
        Bytes = default;
        Fault = fault;
        Reason = reason ?? RecordFaults.Describe(fault);
        return this;
    }

    public void Dispose()
    {
        if (_rented != null) ArrayPool<byte>.Shared.Return(_rented);
        _rented = null;
        Bytes = default;
    }
}
