using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Messages.Hot;

/// <summary>
/// The outcome for one partition of a Fetch request. What the version lacks is left out when it is written.
/// </summary>
public readonly record struct FetchResult()
{
    public int Index { get; init; }

    public ErrorCode ErrorCode { get; init; }

    public long HighWatermark { get; init; } = -1;

    public long LastStableOffset { get; init; } = -1;

    public long LogStartOffset { get; init; } = -1;

    /// <summary>Null unless only committed records were asked for.</summary>
    public AbortedTransaction[]? AbortedTransactions { get; init; }

    /// <summary>A nearer replica; -1 for none.</summary>
    public int PreferredReadReplica { get; init; } = -1;

    /// <summary>How many bytes of records will stand in the gap; -1 for null, which old clients take badly.</summary>
    public int RecordsLength { get; init; }

    /// <summary>Where the follower's log parts from ours.</summary>
    public (int Epoch, long EndOffset)? DivergingEpoch { get; init; }

    /// <summary>Where to go instead.</summary>
    public (int Id, int Epoch)? CurrentLeader { get; init; }

    /// <summary>The snapshot to begin with; metadata log only.</summary>
    public (long EndOffset, int Epoch)? SnapshotId { get; init; }
}

public readonly record struct AbortedTransaction(long ProducerId, long FirstOffset);

/// <summary>
/// Writes the body of a Fetch response, all but the records: these go from the log to the socket without passing here.
/// Partition returns where in the written bytes its records belong; the caller sends the bytes up to there, then the
/// records, then goes on. The caller adds up the sizes, rents, and makes the same calls in the same order: constructor,
/// then for each topic Topic and as many times Partition as it announced, then End. Same bytes as
/// <see cref="FetchResponse"/>, without its objects; allocates nothing.
/// </summary>
public ref struct FetchResponseWriter
{
    readonly short _version;
    readonly bool _flexible;
    WireWriter _writer;
    int _partitionsLeft;

    public FetchResponseWriter(
        Span<byte> to, short version, int throttleTimeMs, ErrorCode errorCode, int sessionId, int topics)
    {
        _version = version;
        _flexible = version >= 12;
        _writer = new WireWriter(to);
        _writer.Enter("FetchResponse", version);
        _writer.WriteInt32(throttleTimeMs);
        if (version >= 7)
        {
            _writer.WriteInt16((short)errorCode);
            _writer.WriteInt32(sessionId);
        }

        _writer.WriteLength(topics, _flexible);
    }

    public readonly int Position => _writer.Position;

    /// <summary>Without topics.</summary>
    public static int SizeOfResponse(
        short version, int topics, ReadOnlySpan<FetchResponseNodeEndpoint> endpoints = default)
    {
        bool flexible = version >= 12;
        int size = (version >= 7 ? 10 : 4) + WireSize.Length(topics, flexible);
        if (!flexible) return size;
        if (version < 16 || endpoints.IsEmpty) return size + 1;
        return size + 1 + WireSize.Tag(0, SizeOf(endpoints, version));
    }

    /// <summary>Without partitions.</summary>
    /// <param name="nameLength">Of the name in UTF-8; topics have no name from v13 on.</param>
    public static int SizeOfTopic(short version, int nameLength, int partitions)
    {
        bool flexible = version >= 12;
        int name = version >= 13 ? Uuid.SizeInBytes : WireSize.StringBytes(nameLength, flexible);
        return name + WireSize.Length(partitions, flexible) + (flexible ? 1 : 0);
    }

    /// <summary>
    /// Without the records themselves: add <see cref="FetchResult.RecordsLength"/> for the length of the frame.
    /// </summary>
    public static int SizeOfPartition(short version, in FetchResult result)
    {
        bool flexible = version >= 12;
        int aborted = result.AbortedTransactions?.Length ?? -1;
        int size = 22 + WireSize.Array(aborted, flexible ? 17 : 16, flexible);
        size += WireSize.Length(result.RecordsLength, flexible);
        if (version >= 5) size += sizeof(long);
        if (version >= 11) size += sizeof(int);
        if (!flexible) return size;
        if (result.DivergingEpoch is not null) size += WireSize.Tag(0, 13);
        if (result.CurrentLeader is not null) size += WireSize.Tag(1, 9);
        if (result.SnapshotId is not null) size += WireSize.Tag(2, 13);
        return size + 1;
    }

    public void Topic(ReadOnlySpan<byte> name, TopicId id, int partitions)
    {
        if (_version >= 13) _writer.WriteTopicId(id);
        else _writer.WriteStringBytes(name, _flexible, "topic");
        _writer.WriteLength(partitions, _flexible);
        _partitionsLeft = partitions;
        if (partitions == 0) EndTopic();
    }

    /// <summary>
    /// Returns the position in the written bytes before which the partition's records have to be inserted.
    /// </summary>
    public int Partition(in FetchResult result)
    {
        _writer.WriteInt32(result.Index);
        _writer.WriteInt16((short)result.ErrorCode);
        _writer.WriteInt64(result.HighWatermark);
        _writer.WriteInt64(result.LastStableOffset);
        if (_version >= 5) _writer.WriteInt64(result.LogStartOffset);
        _writer.WriteLength(result.AbortedTransactions?.Length ?? -1, _flexible);
        foreach (AbortedTransaction aborted in result.AbortedTransactions.AsSpan())
        {
            _writer.WriteInt64(aborted.ProducerId);
            _writer.WriteInt64(aborted.FirstOffset);
            if (_flexible) _writer.WriteUnsignedVarint(0);
        }

        if (_version >= 11) _writer.WriteInt32(result.PreferredReadReplica);
        _writer.WriteLength(result.RecordsLength, _flexible);
        int gap = _writer.Position;
        if (_flexible) WriteTags(result);
        if (--_partitionsLeft == 0) EndTopic();
        return gap;
    }

    public void End(ReadOnlySpan<FetchResponseNodeEndpoint> endpoints = default)
    {
        if (!_flexible) return;
        if (_version < 16 || endpoints.IsEmpty)
        {
            _writer.WriteUnsignedVarint(0);
            return;
        }

        _writer.WriteUnsignedVarint(1);
        _writer.WriteTag(0, SizeOf(endpoints, _version));
        _writer.WriteLength(endpoints.Length, true);
        foreach (FetchResponseNodeEndpoint endpoint in endpoints) endpoint.Write(ref _writer, _version);
    }

    void WriteTags(in FetchResult result)
    {
        uint tags = result.DivergingEpoch is null ? 0u : 1u;
        if (result.CurrentLeader is not null) tags++;
        if (result.SnapshotId is not null) tags++;
        _writer.WriteUnsignedVarint(tags);
        if (result.DivergingEpoch is { } diverging)
        {
            _writer.WriteTag(0, 13);
            _writer.WriteInt32(diverging.Epoch);
            _writer.WriteInt64(diverging.EndOffset);
            _writer.WriteUnsignedVarint(0);
        }

        if (result.CurrentLeader is { } leader)
        {
            _writer.WriteTag(1, 9);
            _writer.WriteInt32(leader.Id);
            _writer.WriteInt32(leader.Epoch);
            _writer.WriteUnsignedVarint(0);
        }

        if (result.SnapshotId is { } snapshot)
        {
            _writer.WriteTag(2, 13);
            _writer.WriteInt64(snapshot.EndOffset);
            _writer.WriteInt32(snapshot.Epoch);
            _writer.WriteUnsignedVarint(0);
        }
    }

    void EndTopic()
    {
        if (_flexible) _writer.WriteUnsignedVarint(0);
    }

    static int SizeOf(ReadOnlySpan<FetchResponseNodeEndpoint> endpoints, short version)
    {
        int size = WireSize.Length(endpoints.Length, true);
        foreach (FetchResponseNodeEndpoint endpoint in endpoints) size += endpoint.SizeIn(version);
        return size;
    }
}
