using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Records.Compression;

namespace AkkaStream.Client.Consuming;

/// <summary>
/// What one fetch brought for one partition: whole batches, read one at a time. Owns its share of the answer's memory. Used by the
/// thread that polls.
/// </summary>
sealed class FetchedChunk
{
    /// <summary>Larger is no batch but a bomb.</summary>
    const long MaxPlainBytes = 1L << 30;

    readonly TopicPartition _partition;
    readonly bool _checksCrcs;
    readonly AbortedByProducer? _aborted;
    readonly FrameLease _lease;
    ReadOnlyMemory<byte> _rest;

    public FetchedChunk(
        TopicPartition partition, long fetchOffset, ReadOnlyMemory<byte> records, FrameLease lease,
        FetchResponseAbortedTransaction[]? aborted, bool checksCrcs)
    {
        _partition = partition;
        FetchOffset = fetchOffset;
        _rest = records;
        _lease = lease;
        Bytes = records.Length;
        _checksCrcs = checksCrcs;
        _aborted = aborted is { Length: > 0 } ? new AbortedByProducer(aborted) : null;
    }

    public long FetchOffset { get; }

    /// <summary>As it came.</summary>
    public int Bytes { get; }

    /// <summary>The memory of the batch that was read last.</summary>
    public FrameLease? BatchLease { get; private set; }

    /// <summary>Where the last complete batch ends, so that the next fetch can go on there before these records are read.</summary>
    public static long EndOf(ReadOnlySpan<byte> records, long otherwise)
    {
        while (TakeWhole(records, out var batch, out int size))
        {
            otherwise = Math.Max(otherwise, batch.NextOffset);
            records = records[size..];
        }
        return otherwise;
    }

    static bool TakeWhole(ReadOnlySpan<byte> bytes, out RecordBatch batch, out int size)
    {
        batch = default;
        size = 0;
        if (bytes.Length < RecordBatch.HeaderLength) return false;
        batch = new RecordBatch(bytes);
        if (batch.BatchLength < 0 || batch.SizeInBytes > bytes.Length || batch.SizeInBytes < RecordBatch.HeaderLength) return false;
        size = (int)batch.SizeInBytes;
        return true;
    }

    /// <summary>
    /// Reads the next batch that has records from <paramref name="from"/> on; false when there is none left. <paramref name="next"/> is where
    /// the partition goes on after it.
    /// </summary>
    public bool ReadBatch(long from, List<ConsumerRecord> into, out long next)
    {
        next = from;
        ReleaseBatch();
        while (TakeWhole(_rest.Span, out var batch, out int size))
        {
            var memory = _rest[..size];
            _rest = _rest[size..];
            if (batch.Magic != RecordBatch.CurrentMagic) throw OldFormat(batch);
            if (batch.NextOffset <= from) continue;
            if (_checksCrcs && Crc32C.Compute(memory.Span[RecordBatch.CrcStart..]) != batch.Crc)
                throw Broken(batch, "its checksum does not match its bytes");
            next = batch.NextOffset;
            if (batch.IsControl)
            {
                _aborted?.OnControl(batch, TypeOf(batch, memory.Span));
            }
            else if (!batch.IsTransactional || _aborted is null || !_aborted.IsAborted(batch))
            {
                ReadRecords(batch, memory, from, into);
            }
            if (into.Count > 0) return true;
            // Nothing of it is for the application, but the position moves on.
            from = next;
        }
        return false;
    }

    void ReadRecords(in RecordBatch batch, ReadOnlyMemory<byte> memory, long from, List<ConsumerRecord> into)
    {
        var (array, start, length) = Plain(batch, memory);
        var reader = new RecordReader(batch, array.AsSpan(start, length));
        ref byte origin = ref MemoryMarshal.GetArrayDataReference(array);
        while (reader.Read(out var record))
        {
            if (record.Offset < from) continue;
            var headers = record.Headers;
            into.Add(new ConsumerRecord(
                _partition.Topic, _partition.Partition, record.Offset, record.Timestamp, batch.IsLogAppendTime, batch.PartitionLeaderEpoch, array,
                record.HasKey ? Place(ref origin, record.Key) : (0, -1),
                record.HasValue ? Place(ref origin, record.Value) : (0, -1),
                headers.Count == 0 ? (0, 0) : Place(ref origin, headers.Bytes), headers.Count));
        }
        if (reader.Fault != RecordFault.None) throw Broken(batch, RecordFaults.Describe(reader.Fault));
    }

    static (int Start, int Length) Place(ref byte origin, ReadOnlySpan<byte> part) =>
        part.IsEmpty ? (0, 0) : ((int)Unsafe.ByteOffset(ref origin, ref MemoryMarshal.GetReference(part)), part.Length);

    (byte[] Array, int Start, int Length) Plain(in RecordBatch batch, ReadOnlyMemory<byte> memory)
    {
        ReleaseBatch();
        var records = memory[RecordBatch.HeaderLength..];
        if (batch.Codec == CompressionCodec.None)
        {
            if (!MemoryMarshal.TryGetArray(records, out var segment) || segment.Array is null) throw new InvalidOperationException();
            BatchLease = _lease;
            _lease.Retain();
            return (segment.Array, segment.Offset, segment.Count);
        }
        var writer = new LeaseWriter(records.Length * 4);
        if (!BatchDecompressor.TryDecompress(batch.Codec, records.Span, MaxPlainBytes, writer, out var fault))
            throw Broken(batch, $"its records cannot be decompressed: {fault}");
        BatchLease = writer.Lease;
        return (writer.Lease.Array, 0, writer.Written);
    }

    static ControlRecordType TypeOf(in RecordBatch batch, ReadOnlySpan<byte> bytes)
    {
        using var plain = PlainRecords.Open(bytes, 1 << 20);
        var reader = new RecordReader(batch, plain.Bytes);
        return reader.Read(out var record) ? ControlRecords.TypeOf(record.Key) : ControlRecordType.Unknown;
    }

    KafkaException Broken(in RecordBatch batch, string cause) => new(
        ErrorCode.CorruptMessage,
        $"The batch at offset {batch.BaseOffset} of {_partition} is damaged: {cause}. Seek past it (to {batch.NextOffset}) to go on.");

    KafkaException OldFormat(in RecordBatch batch) => new(
        ErrorCode.UnsupportedForMessageFormat,
        $"The records at offset {batch.BaseOffset} of {_partition} are in the format of Kafka before 0.11 (magic {batch.Magic}), "
        + "which is not read here.");

    void ReleaseBatch()
    {
        BatchLease?.Release();
        BatchLease = null;
    }

    public void Release()
    {
        ReleaseBatch();
        _rest = default;
        _lease.Release();
    }

    /// <summary>Decompressed bytes in pooled arrays that grow.</summary>
    sealed class LeaseWriter(int expected) : IBufferWriter<byte>
    {
        public FrameLease Lease { get; private set; } = FrameLease.Rent(Math.Clamp(expected, 4096, 16 << 20));

        public int Written { get; private set; }

        public void Advance(int count) => Written += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Reserve(sizeHint);
            return Lease.Array.AsMemory(Written);
        }

        // Whatever room is left will do, as long as there is some: the decoder fills it piece by piece.
        public Span<byte> GetSpan(int sizeHint = 0)
        {
            Reserve(Math.Min(sizeHint, 4096));
            return Lease.Array.AsSpan(Written);
        }

        void Reserve(int size)
        {
            if (Lease.Array.Length - Written >= Math.Max(1, size)) return;
            var larger = FrameLease.Rent(Math.Max(Lease.Array.Length * 2, Written + size));
            Lease.Array.AsSpan(0, Written).CopyTo(larger.Array);
            Lease.Release();
            Lease = larger;
        }
    }
}

/// <summary>Which producers' records belong to an aborted transaction, while batches are read in order (read_committed).</summary>
sealed class AbortedByProducer
{
    readonly Queue<FetchResponseAbortedTransaction> _coming;
    readonly HashSet<long> _now = [];

    public AbortedByProducer(FetchResponseAbortedTransaction[] aborted) =>
        _coming = new Queue<FetchResponseAbortedTransaction>(aborted.OrderBy(a => a.FirstOffset));

    public bool IsAborted(in RecordBatch batch)
    {
        BeginUpTo(batch.LastOffset);
        return _now.Contains(batch.ProducerId);
    }

    public void OnControl(in RecordBatch batch, ControlRecordType type)
    {
        BeginUpTo(batch.LastOffset);
        if (type == ControlRecordType.Abort) _now.Remove(batch.ProducerId);
    }

    void BeginUpTo(long offset)
    {
        while (_coming.TryPeek(out var first) && first.FirstOffset <= offset)
        {
            _now.Add(first.ProducerId);
            _coming.Dequeue();
        }
    }
}
