using System.Collections;
using System.Text;
using AkkaStream.Net.Links;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Client;

/// <summary>
/// A record that was read. Its bytes lie in memory that many records share: they are valid until the <see cref="ConsumerRecords"/>
/// that it came in is disposed, and for ever if that never happens.
/// </summary>
public readonly struct ConsumerRecord
{
    readonly byte[] _array;
    readonly int _key, _keyLength, _value, _valueLength, _headers, _headersLength;

    internal ConsumerRecord(
        string topic, int partition, long offset, long timestamp, bool isAppendTime, int leaderEpoch, byte[] array,
        (int Start, int Length) key, (int Start, int Length) value, (int Start, int Length) headers, int headerCount)
    {
        Topic = topic;
        Partition = partition;
        Offset = offset;
        Timestamp = timestamp;
        IsAppendTime = isAppendTime;
        LeaderEpoch = leaderEpoch;
        _array = array;
        (_key, _keyLength) = key;
        (_value, _valueLength) = value;
        (_headers, _headersLength) = headers;
        HeaderCount = headerCount;
    }

    /// <summary>The topic that it was read from.</summary>
    public string Topic { get; }

    /// <summary>The partition that it was read from.</summary>
    public int Partition { get; }

    /// <summary>Where it stands in its partition.</summary>
    public long Offset { get; }

    /// <summary>Milliseconds since 1970, or -1.</summary>
    public long Timestamp { get; }

    /// <summary>The timestamp is the broker's (LogAppendTime) and not the producer's (CreateTime).</summary>
    public bool IsAppendTime { get; }

    /// <summary>The epoch of the leader that wrote it.</summary>
    public int LeaderEpoch { get; }

    /// <summary>Null if there is none.</summary>
    public RecordBytes Key => _keyLength < 0 ? default : new RecordBytes(new ReadOnlyMemory<byte>(_array, _key, _keyLength));

    /// <summary>Null is a tombstone in a compacted topic.</summary>
    public RecordBytes Value => _valueLength < 0 ? default : new RecordBytes(new ReadOnlyMemory<byte>(_array, _value, _valueLength));

    /// <summary>Length of the value in bytes; -1 for null.</summary>
    public int ValueLength => _valueLength;

    /// <summary>Length of the key in bytes; -1 for null.</summary>
    public int KeyLength => _keyLength;

    /// <summary>How many headers it has.</summary>
    public int HeaderCount { get; }

    /// <summary>The headers, read anew at each call.</summary>
    public IReadOnlyList<RecordHeader> ReadHeaders()
    {
        if (HeaderCount == 0) return [];
        var headers = new RecordHeader[HeaderCount];
        var reader = new RecordHeaders(new ReadOnlySpan<byte>(_array, _headers, _headersLength), HeaderCount);
        for (int i = 0; reader.Read(out var key, out bool hasValue, out var value); i++)
            headers[i] = new RecordHeader(Encoding.UTF8.GetString(key), hasValue ? value.ToArray() : null);
        return headers;
    }

    /// <summary>The same record with bytes of its own.</summary>
    public ConsumerRecord Copy()
    {
        int keyLength = Math.Max(0, _keyLength), valueLength = Math.Max(0, _valueLength);
        var array = new byte[keyLength + valueLength + _headersLength];
        Key.Span.CopyTo(array);
        Value.Span.CopyTo(array.AsSpan(keyLength));
        new ReadOnlySpan<byte>(_array, _headers, _headersLength).CopyTo(array.AsSpan(keyLength + valueLength));
        return new ConsumerRecord(
            Topic, Partition, Offset, Timestamp, IsAppendTime, LeaderEpoch, array,
            (0, _keyLength), (keyLength, _valueLength), (keyLength + valueLength, _headersLength), HeaderCount);
    }
}

/// <summary>
/// What one poll brought, in the order of each partition. Disposing it gives the memory of the records back for the next ones; who
/// keeps records copies them before, or does not dispose.
/// </summary>
public sealed class ConsumerRecords : IReadOnlyList<ConsumerRecord>, IDisposable
{
    internal static readonly ConsumerRecords Empty = new();

    readonly List<ConsumerRecord> _records = [];
    readonly List<FrameLease> _leases = [];

    readonly Action<ConsumerRecords>? _giveBack;
    bool _isDisposed;

    internal ConsumerRecords(Action<ConsumerRecords>? giveBack = null) => _giveBack = giveBack;

    internal ConsumerRecords Begin()
    {
        _isDisposed = false;
        return this;
    }

    /// <summary>How many records there are.</summary>
    public int Count => _records.Count;

    /// <summary>One of them.</summary>
    public ConsumerRecord this[int index] => _records[index];

    internal List<ConsumerRecord> Records => _records;

    /// <summary>Bytes of keys and values.</summary>
    public long Bytes
    {
        get
        {
            long bytes = 0;
            foreach (var record in _records) bytes += Math.Max(0, record.KeyLength) + Math.Max(0, record.ValueLength);
            return bytes;
        }
    }

    internal void Hold(FrameLease lease)
    {
        if (_leases.Contains(lease)) return;
        lease.Retain();
        _leases.Add(lease);
    }

    /// <summary>Gives the memory back: the records' bytes must not be used any more.</summary>
    public void Dispose()
    {
        if (_isDisposed) return;
        _isDisposed = true;
        foreach (var lease in _leases) lease.Release();
        _leases.Clear();
        _records.Clear();
        _giveBack?.Invoke(this);
    }

    /// <summary>All of them, without allocation.</summary>
    public List<ConsumerRecord>.Enumerator GetEnumerator() => _records.GetEnumerator();

    IEnumerator<ConsumerRecord> IEnumerable<ConsumerRecord>.GetEnumerator() => _records.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => _records.GetEnumerator();
}
