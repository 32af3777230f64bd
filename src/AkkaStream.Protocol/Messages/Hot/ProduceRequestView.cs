using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Messages.Hot;

/// <summary>
/// A Produce request where it lies. The constructor walks the whole body once, so that nothing is appended from a
/// request that turns out to be broken further on; after it no step can fail. Then a cursor goes over topics and
/// partitions. Used by the produce handler on the network threads; allocates nothing and keeps nothing beyond the span.
/// </summary>
/// <remarks>Accepts exactly what <see cref="ProduceRequest"/> accepts, and is compared with it by tests.</remarks>
public ref struct ProduceRequestView
{
    readonly bool _flexible;
    readonly bool _byId;
    readonly WireReader _firstTopic;
    WireReader _reader;
    int _topicsLeft;
    int _partitionsLeft;
    bool _inTopic;

    /// <exception cref="WireFormatException">The bytes are no Produce request of that version.</exception>
    /// <exception cref="WireVersionException">There is no such version.</exception>
    public ProduceRequestView(ReadOnlySpan<byte> body, short version)
    {
        VersionRange known = ApiTable.Versions(ApiKey.Produce);
        if (!known.Contains(version)) throw new WireVersionException("ProduceRequest", version, known);
        _flexible = version >= 9;
        _byId = version >= 13;
        _reader = new WireReader(body);
        _reader.Enter("ProduceRequest", version);
        TransactionalId = _reader.ReadStringBytes(_flexible, "transactionalId", out bool isNull);
        HasTransactionalId = !isNull;
        Acks = _reader.ReadInt16("acks");
        TimeoutMs = _reader.ReadInt32("timeoutMs");
        TopicCount = _reader.ReadCount(_flexible, 1, "topicData");
        _firstTopic = _reader;
        _topicsLeft = TopicCount;
        while (MoveToTopic()) PartitionCountOfAll += PartitionCount;
        if (_flexible) _reader.SkipTags();
        Length = _reader.Position;
        Restart();
    }

    public bool HasTransactionalId { get; }

    /// <summary>In UTF-8. Empty if there is none.</summary>
    public ReadOnlySpan<byte> TransactionalId { get; }

    public short Acks { get; }

    public int TimeoutMs { get; }

    public int TopicCount { get; }

    /// <summary>Of all topics together, for who sets up one result per partition.</summary>
    public int PartitionCountOfAll { get; }

    /// <summary>How many bytes of the body are the request.</summary>
    public int Length { get; }

    /// <summary>Of the present topic, in UTF-8. Empty from v13 on.</summary>
    public ReadOnlySpan<byte> TopicName { get; private set; }

    /// <summary>Of the present topic. Zero before v13.</summary>
    public TopicId TopicId { get; private set; }

    public int PartitionCount { get; private set; }

    public int PartitionIndex { get; private set; }

    /// <summary>Of the present partition; empty where they are null, which only a broken producer sends.</summary>
    public ReadOnlySpan<byte> Records { get; private set; }

    public bool HasRecords { get; private set; }

    /// <summary>
    /// Where the records begin in the body, for who keeps a slice of the frame's memory instead of the span.
    /// </summary>
    public int RecordsOffset { get; private set; }

    /// <summary>Goes to the next topic, past the partitions that were not visited.</summary>
    public bool MoveToTopic()
    {
        if (_inTopic)
        {
            while (MoveToPartition())
            {
            }

            if (_flexible) _reader.SkipTags();
            _inTopic = false;
        }

        if (_topicsLeft == 0) return false;
        _topicsLeft--;
        _inTopic = true;
        if (_byId) TopicId = _reader.ReadTopicId("topicId");
        else TopicName = _reader.ReadStringBytes(_flexible, "name");
        PartitionCount = _partitionsLeft = _reader.ReadCount(_flexible, 1, "partitionData");
        return true;
    }

    public bool MoveToPartition()
    {
        if (_partitionsLeft == 0) return false;
        _partitionsLeft--;
        PartitionIndex = _reader.ReadInt32("index");
        Records = _reader.ReadByteSpan(_flexible, "records", out bool isNull);
        HasRecords = !isNull;
        RecordsOffset = _reader.Position - Records.Length;
        if (_flexible) _reader.SkipTags();
        return true;
    }

    /// <summary>Puts the cursor before the first topic again.</summary>
    public void Restart()
    {
        _reader = _firstTopic;
        _topicsLeft = TopicCount;
        _partitionsLeft = 0;
        _inTopic = false;
    }
}
