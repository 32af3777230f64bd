using System.Buffers;
using System.Buffers.Binary;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Client.Producing;

/// <summary>
/// Records of one partition on their way into one batch. They are written where they will be sent from; the header in front is filled
/// in when the batch leaves, and again when it has to leave under another sequence. Guarded by its partition's lock until it is
/// taken for sending; then by who sends it.
/// </summary>
sealed class ProducerBatch
{
    const int HeaderLength = RecordBatch.HeaderLength;

    byte[] _buffer = [];
    int _charged;
    int _length;
    int _limit;
    long _firstTimestamp;
    byte[]? _packed;
    int _packedLength;
    DeliveryEntry[] _entries = [];
    int _entryCount;

    /// <summary>The next batch of the partition's queue.</summary>
    public ProducerBatch? Next;

    /// <summary>Told apart from an earlier use of this object by those who keep it in a queue of deadlines.</summary>
    public int Generation;

    public int Count { get; private set; }
    public long MaxTimestamp { get; private set; }
    public long ExpiresAt { get; private set; }
    public FlushMark? Mark { get; private set; }
    public int Attempts;
    public bool IsOpen;
    public bool IsInFlight;

    /// <summary>Its time is over and its records were told so, but an answer may still come.</summary>
    public bool IsExpired;

    /// <summary>An earlier try may have been written: under idempotence it may only be repeated with the same sequence.</summary>
    public bool MayBeWritten;

    public long ProducerId = RecordBatch.NoProducerId;
    public short ProducerEpoch = RecordBatch.NoProducerEpoch;
    public int Sequence = RecordBatch.NoSequence;

    /// <summary>Counts the batches of its partition.</summary>
    public long Ordinal;

    /// <summary>Why the last try failed, for the text when time is over.</summary>
    public string? LastError;

    public bool HasSequence => Sequence != RecordBatch.NoSequence;

    /// <summary>Bytes that will be sent, as far as they are known.</summary>
    public int Size => _packed is null ? _length : _packedLength;

    public int PlainSize => _length;

    public void Begin(byte[] buffer, int charged, int limit, long expiresAt, FlushMark mark)
    {
        _buffer = buffer;
        _charged = charged;
        _limit = Math.Min(limit, buffer.Length);
        _length = HeaderLength;
        ExpiresAt = expiresAt;
        Mark = mark;
        MaxTimestamp = RecordBatch.NoTimestamp;
        IsOpen = true;
    }

    /// <summary>An upper bound for the size of a batch that holds just this record.</summary>
    public static int SizeOfAlone(in OutgoingRecord record) => HeaderLength + RecordVarint.MaxLength32 + BodySize(record, 0, 0);

    public bool TryAppend(in OutgoingRecord record)
    {
        if (Count == 0) _firstTimestamp = record.Timestamp;
        long delta = record.Timestamp - _firstTimestamp;
        int body = BodySize(record, delta, Count);
        int size = RecordVarint.SizeOf(body) + body;
        if (_length + size > _limit) return false;
        WriteRecord(_buffer.AsSpan(_length), record, body, delta);
        _length += size;
        if (record.Handler is not null) AddEntry(record);
        if (record.Timestamp > MaxTimestamp) MaxTimestamp = record.Timestamp;
        Count++;
        return true;
    }

    static int BodySize(in OutgoingRecord record, long timestampDelta, int offsetDelta) =>
        1 + RecordVarint.SizeOf(timestampDelta) + RecordVarint.SizeOf(offsetDelta)
        + RecordVarint.SizeOf(record.HasKey ? record.Key.Length : -1) + record.Key.Length
        + RecordVarint.SizeOf(record.HasValue ? record.Value.Length : -1) + record.Value.Length
        + HeadersSize(record.Headers);

    static int HeadersSize(IReadOnlyList<RecordHeader>? headers)
    {
        if (headers is null) return 1;
        int size = RecordVarint.SizeOf(headers.Count);
        for (int i = 0; i < headers.Count; i++)
        {
            int key = System.Text.Encoding.UTF8.GetByteCount(headers[i].Key);
            size += RecordVarint.SizeOf(key) + key + RecordVarint.SizeOf(headers[i].Value.HasValue ? headers[i].Value.Length
                : -1) + headers[i].Value.Length;
        }
        return size;
    }

    void WriteRecord(Span<byte> to, in OutgoingRecord record, int body, long timestampDelta)
    {
        int at = RecordVarint.Write(to, body);
        to[at++] = 0;
        at += RecordVarint.Write(to[at..], timestampDelta);
        at += RecordVarint.Write(to[at..], Count);
        at += RecordVarint.Write(to[at..], record.HasKey ? record.Key.Length : -1);
        record.Key.CopyTo(to[at..]);
        at += record.Key.Length;
        at += RecordVarint.Write(to[at..], record.HasValue ? record.Value.Length : -1);
        record.Value.CopyTo(to[at..]);
        at += record.Value.Length;
        if (record.Headers is null) to[at] = 0;
        else WriteHeaders(to[at..], record.Headers);
    }

    static void WriteHeaders(Span<byte> to, IReadOnlyList<RecordHeader> headers)
    {
        int at = RecordVarint.Write(to, headers.Count);
        for (int i = 0; i < headers.Count; i++)
        {
            int length = System.Text.Encoding.UTF8.GetByteCount(headers[i].Key);
            at += RecordVarint.Write(to[at..], length);
            at += System.Text.Encoding.UTF8.GetBytes(headers[i].Key, to[at..]);
            var value = headers[i].Value;
            at += RecordVarint.Write(to[at..], value.HasValue ? value.Length : -1);
            value.Span.CopyTo(to[at..]);
            at += value.Length;
        }
    }

    void AddEntry(in OutgoingRecord record)
    {
        if (_entryCount == _entries.Length) Array.Resize(ref _entries, Math.Max(16, _entryCount * 2));
        _entries[_entryCount++] = new DeliveryEntry(record.Handler, record.Token, record.Timestamp, Count);
    }

    /// <summary>Compresses if asked to and not done yet. Not under the partition's lock: it takes time.</summary>
    public void Pack(CompressionCodec codec, int level)
    {
        if (codec == CompressionCodec.None || _packed is not null) return;
        var target = new PackedWriter(_length / 2);
        RecordCodecs.TryCompress(codec, level, _buffer.AsSpan(HeaderLength, _length - HeaderLength), target);
        _packed = target.Take(out _packedLength);
    }

    /// <summary>The whole batch, ready to send under its present sequence.</summary>
    public ReadOnlyMemory<byte> Finish(CompressionCodec codec, bool transactional)
    {
        var array = _packed ?? _buffer;
        int length = Size;
        var to = array.AsSpan(0, length);
        var attributes = (BatchAttributes)codec | (transactional ? BatchAttributes.Transactional : 0);
        BinaryPrimitives.WriteInt64BigEndian(to, 0);
        BinaryPrimitives.WriteInt32BigEndian(to[8..], length - RecordBatch.LogOverhead);
        BinaryPrimitives.WriteInt32BigEndian(to[12..], -1);
        to[16] = RecordBatch.CurrentMagic;
        BinaryPrimitives.WriteInt16BigEndian(to[21..], (short)attributes);
        BinaryPrimitives.WriteInt32BigEndian(to[23..], Count - 1);
        BinaryPrimitives.WriteInt64BigEndian(to[27..], _firstTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(to[35..], MaxTimestamp);
        BinaryPrimitives.WriteInt64BigEndian(to[43..], ProducerId);
        BinaryPrimitives.WriteInt16BigEndian(to[51..], ProducerEpoch);
        BinaryPrimitives.WriteInt32BigEndian(to[53..], Sequence);
        BinaryPrimitives.WriteInt32BigEndian(to[57..], Count);
        BinaryPrimitives.WriteUInt32BigEndian(to[RecordBatch.CrcOffset..], Crc32C.Compute(to[RecordBatch.CrcStart..]));
        return new ReadOnlyMemory<byte>(array, 0, length);
    }

    /// <summary>Tells those who want to know. What they throw goes to <paramref name="onThrown"/>.</summary>
    public void Tell(string topic, int partition, long baseOffset, long logAppendTime, KafkaException? error, Action<Exception> onThrown)
    {
        int count = _entryCount;
        _entryCount = 0;
        for (int i = 0; i < count; i++)
        {
            ref readonly var entry = ref _entries[i];
            try
            {
                entry.Handler?.OnDelivery(entry.Token, new Delivery(
                    topic, partition, baseOffset < 0 ? -1 : baseOffset + entry.Index,
                    logAppendTime >= 0 ? logAppendTime : entry.Timestamp, error));
            }
            catch (Exception e)
            {
                onThrown(e);
            }
        }
        Array.Clear(_entries, 0, count);
    }

    public void ForgetSequence()
    {
        Sequence = RecordBatch.NoSequence;
        ProducerId = RecordBatch.NoProducerId;
        ProducerEpoch = RecordBatch.NoProducerEpoch;
        MayBeWritten = false;
    }

    /// <summary>Gives the memory back and makes the object fit for another batch.</summary>
    public void Release(BufferMemory memory)
    {
        memory.Return(_buffer, _charged);
        if (_packed is not null) ArrayPool<byte>.Shared.Return(_packed);
        _buffer = [];
        _packed = null;
        _packedLength = _length = 0;
        Count = 0;
        Attempts = 0;
        Generation++;
        IsOpen = IsInFlight = IsExpired = false;
        LastError = null;
        Next = null;
        Mark = null;
        if (_entries.Length > 4096) _entries = [];
        ForgetSequence();
    }

    readonly record struct DeliveryEntry(IDeliveryHandler? Handler, long Token, long Timestamp, int Index);

    /// <summary>Compressed bytes behind the room for a batch header, in a pooled array.</summary>
    sealed class PackedWriter : IBufferWriter<byte>
    {
        byte[] _array;
        int _used = HeaderLength;

        public PackedWriter(int expected) => _array = ArrayPool<byte>.Shared.Rent(Math.Max(1024, HeaderLength + expected));

        public byte[] Take(out int length)
        {
            length = _used;
            return _array;
        }

        public void Advance(int count) => _used += count;

        public Memory<byte> GetMemory(int sizeHint = 0)
        {
            Reserve(sizeHint);
            return _array.AsMemory(_used);
        }

        public Span<byte> GetSpan(int sizeHint = 0)
        {
            Reserve(sizeHint);
            return _array.AsSpan(_used);
        }

        void Reserve(int size)
        {
            if (_array.Length - _used >= Math.Max(size, 1)) return;
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_array.Length * 2, _used + size));
            _array.AsSpan(0, _used).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_array);
            _array = larger;
        }
    }
}

/// <summary>A record on its way into a batch, where the caller's bytes lie.</summary>
readonly ref struct OutgoingRecord
{
    public required ReadOnlySpan<byte> Key { get; init; }
    public required ReadOnlySpan<byte> Value { get; init; }
    public required bool HasKey { get; init; }
    public required bool HasValue { get; init; }
    public required long Timestamp { get; init; }
    public IReadOnlyList<RecordHeader>? Headers { get; init; }
    public IDeliveryHandler? Handler { get; init; }
    public long Token { get; init; }
}
