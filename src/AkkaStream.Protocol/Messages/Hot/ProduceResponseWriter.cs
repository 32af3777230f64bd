using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Messages.Hot;

/// <summary>
/// The outcome for one partition of a Produce request. What the version lacks is left out when it is written.
/// </summary>
public readonly record struct ProduceResult()
{
    public int Index { get; init; }

    public ErrorCode ErrorCode { get; init; }

    public long BaseOffset { get; init; } = -1;

    /// <summary>-1 where the topic keeps the producer's timestamps.</summary>
    public long LogAppendTimeMs { get; init; } = -1;

    public long LogStartOffset { get; init; } = -1;

    /// <summary>The records that spoiled the batch; null is none.</summary>
    public ProduceResponseRecordError[]? RecordErrors { get; init; }

    public string? ErrorMessage { get; init; }

    /// <summary>Where to go instead; null where the error is another one.</summary>
    public (int Id, int Epoch)? CurrentLeader { get; init; }
}

/// <summary>
/// Writes the body of a Produce response straight into its frame. The caller adds up the sizes, rents, and makes the
/// same calls in the same order: constructor, then for each topic Topic and as many times Partition as it announced,
/// then End. Same bytes as <see cref="ProduceResponse"/>, without its objects; allocates nothing.
/// </summary>
public ref struct ProduceResponseWriter
{
    readonly short _version;
    readonly bool _flexible;
    WireWriter _writer;
    int _partitionsLeft;

    public ProduceResponseWriter(Span<byte> to, short version, int topics)
    {
        _version = version;
        _flexible = version >= 9;
        _writer = new WireWriter(to);
        _writer.Enter("ProduceResponse", version);
        _writer.WriteLength(topics, _flexible);
    }

    public readonly int Position => _writer.Position;

    public static int SizeOfResponse(
        short version, int topics, ReadOnlySpan<ProduceResponseNodeEndpoint> endpoints = default)
    {
        bool flexible = version >= 9;
        int size = WireSize.Length(topics, flexible) + sizeof(int);
        if (!flexible) return size;
        if (version < 10 || endpoints.IsEmpty) return size + 1;
        return size + 1 + WireSize.Tag(0, SizeOf(endpoints, version));
    }

    /// <param name="nameLength">Of the name in UTF-8; topics have no name from v13 on.</param>
    public static int SizeOfTopic(short version, int nameLength, int partitions)
    {
        bool flexible = version >= 9;
        int name = version >= 13 ? Uuid.SizeInBytes : WireSize.StringBytes(nameLength, flexible);
        return name + WireSize.Length(partitions, flexible) + (flexible ? 1 : 0);
    }

    public static int SizeOfPartition(short version, in ProduceResult result)
    {
        int size = version >= 5 ? 30 : 22;
        if (version < 8) return size;
        bool flexible = version >= 9;
        size += WireSize.Length(result.RecordErrors?.Length ?? 0, flexible);
        size += WireSize.String(result.ErrorMessage, flexible);
        foreach (ProduceResponseRecordError error in result.RecordErrors.AsSpan()) size += error.SizeIn(version);
        if (!flexible) return size;
        return version >= 10 && result.CurrentLeader is not null ? size + 1 + WireSize.Tag(0, 9) : size + 1;
    }

    public void Topic(ReadOnlySpan<byte> name, TopicId id, int partitions)
    {
        if (_version >= 13) _writer.WriteTopicId(id);
        else _writer.WriteStringBytes(name, _flexible, "name");
        _writer.WriteLength(partitions, _flexible);
        _partitionsLeft = partitions;
        if (partitions == 0) EndTopic();
    }

    public void Partition(in ProduceResult result)
    {
        _writer.WriteInt32(result.Index);
        _writer.WriteInt16((short)result.ErrorCode);
        _writer.WriteInt64(result.BaseOffset);
        _writer.WriteInt64(result.LogAppendTimeMs);
        if (_version >= 5) _writer.WriteInt64(result.LogStartOffset);
        if (_version >= 8)
        {
            _writer.WriteLength(result.RecordErrors?.Length ?? 0, _flexible);
            foreach (ProduceResponseRecordError error in result.RecordErrors.AsSpan())
                error.Write(ref _writer, _version);
            _writer.WriteNullableString(result.ErrorMessage, _flexible, "errorMessage");
        }

        if (_flexible) WriteTags(result);
        if (--_partitionsLeft == 0) EndTopic();
    }

    public void End(int throttleTimeMs, ReadOnlySpan<ProduceResponseNodeEndpoint> endpoints = default)
    {
        _writer.WriteInt32(throttleTimeMs);
        if (!_flexible) return;
        if (_version < 10 || endpoints.IsEmpty)
        {
            _writer.WriteUnsignedVarint(0);
            return;
        }

        _writer.WriteUnsignedVarint(1);
        _writer.WriteTag(0, SizeOf(endpoints, _version));
        _writer.WriteLength(endpoints.Length, true);
        foreach (ProduceResponseNodeEndpoint endpoint in endpoints) endpoint.Write(ref _writer, _version);
    }

    void WriteTags(in ProduceResult result)
    {
        if (_version < 10 || result.CurrentLeader is not { } leader)
        {
            _writer.WriteUnsignedVarint(0);
            return;
        }

        _writer.WriteUnsignedVarint(1);
        _writer.WriteTag(0, 9);
        _writer.WriteInt32(leader.Id);
        _writer.WriteInt32(leader.Epoch);
        _writer.WriteUnsignedVarint(0);
    }

    void EndTopic()
    {
        if (_flexible) _writer.WriteUnsignedVarint(0);
    }

    static int SizeOf(ReadOnlySpan<ProduceResponseNodeEndpoint> endpoints, short version)
    {
        int size = WireSize.Length(endpoints.Length, true);
        foreach (ProduceResponseNodeEndpoint endpoint in endpoints) size += endpoint.SizeIn(version);
        return size;
    }
}
