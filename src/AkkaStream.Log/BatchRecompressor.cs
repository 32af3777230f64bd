using System.Runtime.InteropServices;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log;

/// <summary>
/// A batch packed anew, because the topic's compression.type is not the one it came in. Owns the new bytes: keep it until the append is
/// done, then dispose. Costs a full unpack and pack, so it belongs on the work lane, never on a network thread.
/// </summary>
public sealed unsafe class BatchRecompressor : IDisposable
{
    void* _bytes;

    BatchRecompressor(ReadOnlySpan<byte> packed)
    {
        _bytes = NativeMemory.Alloc((nuint)packed.Length);
        packed.CopyTo(new Span<byte>(_bytes, packed.Length));
    }

    public static bool IsNeeded(in ProducedBatch batch, LogConfig config) =>
        config.Compression is { } codec && codec != (CompressionCodec)(batch.Attributes & BatchAttributes.CodecMask) && !batch.IsControl;

    /// <summary>Points the batch to its new bytes. Null, and the batch refused, when it cannot be.</summary>
    public static BatchRecompressor? Run(ref ProducedBatch batch, LogConfig config)
    {
        var codec = config.Compression ?? CompressionCodec.None;
        if (!RecordCodecs.IsHere(codec))
        {
            batch.Refuse(ErrorCode.UnsupportedCompressionType, BatchFault.NotRecompressible);
            return null;
        }
        byte[] packed = Repack(batch, codec, config.CompressionLevel);
        if (packed.Length > config.MaxMessageBytes)
        {
            batch.Length = packed.Length;
            batch.Refuse(ErrorCode.MessageTooLarge, BatchFault.TooLarge, config.MaxMessageBytes);
            return null;
        }
        var owner = new BatchRecompressor(packed);
        batch.Bytes = (byte*)owner._bytes;
        batch.Length = packed.Length;
        batch.Attributes = new RecordBatch(packed).Attributes;
        return owner;
    }

    static byte[] Repack(in ProducedBatch batch, CompressionCodec codec, int level)
    {
        var header = new RecordBatch(batch.Span);
        using var plain = PlainRecords.Open(batch.Span, int.MaxValue);
        var builder = new RecordBatchBuilder(plain.Bytes.Length)
        {
            Codec = codec,
            CompressionLevel = level,
            Attributes = header.Attributes & ~BatchAttributes.CodecMask,
            ProducerId = header.ProducerId,
            ProducerEpoch = header.ProducerEpoch,
            BaseSequence = header.BaseSequence,
        };
        var reader = new RecordReader(header, plain.Bytes);
        for (int delta = 0; reader.Read(out var record); delta++)
            builder.Append(
                record.Timestamp, record.HasKey, record.Key, record.HasValue, record.Value, record.Headers.Bytes, record.Headers.Count, delta);
        return builder.ToArray();
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
    }
}
