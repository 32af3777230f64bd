using System.Buffers.Binary;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Messages.Hot;

/// <summary>
/// A Fetch request where it lies, of consumers and of followers. The constructor walks the whole body once; after it no
/// step can fail. One cursor goes over topics and their partitions, another over forgotten topics. Used by the fetch
/// handler on the network threads; allocates nothing and keeps nothing beyond the span.
/// </summary>
/// <remarks>Accepts exactly what <see cref="FetchRequest"/> accepts, and is compared with it by tests.</remarks>
public ref struct FetchRequestView
{
    readonly short _version;
    readonly bool _flexible;
    readonly bool _byId;
    readonly int _partitionSize;
    readonly WireReader _firstTopic;
    readonly WireReader _firstForgotten;
    WireReader _reader;
    WireReader _forgotten;
    ReadOnlySpan<byte> _partition;
    ReadOnlySpan<byte> _forgottenPartitions;
    Uuid _replicaDirectoryId;
    long _highWatermark;
    int _topicsLeft;
    int _partitionsLeft;
    int _forgottenLeft;
    bool _inTopic;

    /// <exception cref="WireFormatException">The bytes are no Fetch request of that version.</exception>
    /// <exception cref="WireVersionException">There is no such version.</exception>
    public FetchRequestView(ReadOnlySpan<byte> body, short version)
    {
        VersionRange known = ApiTable.Versions(ApiKey.Fetch);
        if (!known.Contains(version)) throw new WireVersionException("FetchRequest", version, known);
        _version = version;
        _flexible = version >= 12;
        _byId = version >= 13;
        _partitionSize = version >= 12 ? 32 : version >= 9 ? 28 : version >= 5 ? 24 : 16;
        _reader = new WireReader(body);
        _reader.Enter("FetchRequest", version);
        ReplicaId = version <= 14 ? _reader.ReadInt32("replicaId") : -1;
        ReplicaEpoch = -1;
        MaxWaitMs = _reader.ReadInt32("maxWaitMs");
        MinBytes = _reader.ReadInt32("minBytes");
        MaxBytes = _reader.ReadInt32("maxBytes");
        IsolationLevel = _reader.ReadInt8("isolationLevel");
        SessionId = version >= 7 ? _reader.ReadInt32("sessionId") : 0;
        SessionEpoch = version >= 7 ? _reader.ReadInt32("sessionEpoch") : -1;
        TopicCount = _reader.ReadCount(_flexible, 1, "topics");
        _firstTopic = _reader;
        _topicsLeft = TopicCount;
        while (MoveToTopic()) PartitionCountOfAll += PartitionCount;

        _forgotten = _reader;
        ForgottenTopicCount = version >= 7 ? _forgotten.ReadCount(_flexible, 1, "forgottenTopicsData") : 0;
        _firstForgotten = _forgotten;
        _forgottenLeft = ForgottenTopicCount;
        while (MoveToForgottenTopic())
        {
        }

        WireReader tail = _forgotten;
        if (version >= 11) RackId = tail.ReadStringBytes(_flexible, "rackId");
        if (_flexible) ReadTags(ref tail);
        Length = tail.Position;
        Restart();
    }

    /// <summary>-1 for consumers, -2 for tools, else the follower that asks; wherever the version carries it.</summary>
    public int ReplicaId { get; private set; }

    /// <summary>The follower's broker epoch, -1 before v15.</summary>
    public long ReplicaEpoch { get; private set; }

    public int MaxWaitMs { get; }

    public int MinBytes { get; }

    public int MaxBytes { get; }

    /// <summary>0 for all records, 1 for committed ones only.</summary>
    public sbyte IsolationLevel { get; }

    public int SessionId { get; }

    /// <summary>-1: no session; 0: a new one.</summary>
    public int SessionEpoch { get; }

    /// <summary>In UTF-8. Empty before v11, and where the consumer has none.</summary>
    public ReadOnlySpan<byte> RackId { get; }

    public bool HasClusterId { get; private set; }

    /// <summary>In UTF-8. Only controllers tell it.</summary>
    public ReadOnlySpan<byte> ClusterId { get; private set; }

    public int TopicCount { get; }

    public int PartitionCountOfAll { get; }

    public int ForgottenTopicCount { get; }

    /// <summary>How many bytes of the body are the request.</summary>
    public int Length { get; }

    /// <summary>Of the present topic, in UTF-8. Empty from v13 on.</summary>
    public ReadOnlySpan<byte> TopicName { get; private set; }

    /// <summary>Of the present topic. Zero before v13.</summary>
    public TopicId TopicId { get; private set; }

    public int PartitionCount { get; private set; }

    /// <summary>What the request asks of the present partition. Put together at each call.</summary>
    public readonly FetchPartition Partition => new()
    {
        Index = BinaryPrimitives.ReadInt32BigEndian(_partition),
        CurrentLeaderEpoch = _version >= 9 ? BinaryPrimitives.ReadInt32BigEndian(_partition[4..]) : -1,
        FetchOffset = BinaryPrimitives.ReadInt64BigEndian(_partition[(_version >= 9 ? 8 : 4)..]),
        LastFetchedEpoch = _version >= 12 ? BinaryPrimitives.ReadInt32BigEndian(_partition[16..]) : -1,
        LogStartOffset = _version >= 5 ? BinaryPrimitives.ReadInt64BigEndian(_partition[^12..]) : -1,
        MaxBytes = BinaryPrimitives.ReadInt32BigEndian(_partition[^4..]),
        ReplicaDirectoryId = _replicaDirectoryId,
        HighWatermark = _highWatermark,
    };

    public ReadOnlySpan<byte> ForgottenTopicName { get; private set; }

    public TopicId ForgottenTopicId { get; private set; }

    public readonly int ForgottenPartitionCount => _forgottenPartitions.Length / sizeof(int);

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
        else TopicName = _reader.ReadStringBytes(_flexible, "topic");
        PartitionCount = _partitionsLeft = _reader.ReadCount(_flexible, 1, "partitions");
        return true;
    }

    public bool MoveToPartition()
    {
        if (_partitionsLeft == 0) return false;
        _partitionsLeft--;
        _partition = _reader.Take(_partitionSize, "partitions");
        _replicaDirectoryId = default;
        _highWatermark = long.MaxValue;
        if (_flexible) ReadPartitionTags();
        return true;
    }

    public bool MoveToForgottenTopic()
    {
        if (_forgottenLeft == 0) return false;
        _forgottenLeft--;
        if (_byId) ForgottenTopicId = _forgotten.ReadTopicId("topicId");
        else ForgottenTopicName = _forgotten.ReadStringBytes(_flexible, "topic");
        int count = _forgotten.ReadCount(_flexible, sizeof(int), "partitions");
        _forgottenPartitions = _forgotten.Take(count * sizeof(int), "partitions");
        if (_flexible) _forgotten.SkipTags();
        return true;
    }

    /// <summary>A partition of the present forgotten topic, by its place in the list.</summary>
    public readonly int ForgottenPartition(int place) =>
        BinaryPrimitives.ReadInt32BigEndian(_forgottenPartitions[(place * sizeof(int))..]);

    /// <summary>Puts both cursors before their first topic again.</summary>
    public void Restart()
    {
        _reader = _firstTopic;
        _topicsLeft = TopicCount;
        _partitionsLeft = 0;
        _inTopic = false;
        _forgotten = _firstForgotten;
        _forgottenLeft = ForgottenTopicCount;
        _forgottenPartitions = default;
    }

    void ReadPartitionTags()
    {
        for (int left = _reader.ReadTagCount(); left > 0; left--)
        {
            int tag = _reader.ReadTag(out int end);
            if (tag == 0 && _version >= 17) _replicaDirectoryId = _reader.ReadUuid("replicaDirectoryId");
            else if (tag == 1 && _version >= 18) _highWatermark = _reader.ReadInt64("highWatermark");
            else _reader.SkipTag(end);
            _reader.EndTag(tag, end);
        }
    }

    void ReadTags(ref WireReader tail)
    {
        for (int left = tail.ReadTagCount(); left > 0; left--)
        {
            int tag = tail.ReadTag(out int end);
            if (tag == 0)
            {
                ClusterId = tail.ReadStringBytes(true, "clusterId", out bool isNull);
                HasClusterId = !isNull;
            }
            else if (tag == 1 && _version >= 15)
            {
                ReplicaId = tail.ReadInt32("replicaId");
                ReplicaEpoch = tail.ReadInt64("replicaEpoch");
                tail.SkipTags();
            }
            else
            {
                tail.SkipTag(end);
            }

            tail.EndTag(tag, end);
        }
    }
}

/// <summary>What a Fetch request asks of one partition. What the version lacks is as if not told.</summary>
public readonly record struct FetchPartition
{
    public int Index { get; init; }

    /// <summary>-1: not told, not fenced.</summary>
    public int CurrentLeaderEpoch { get; init; }

    public long FetchOffset { get; init; }

    /// <summary>Epoch of the follower's last record; -1 from consumers.</summary>
    public int LastFetchedEpoch { get; init; }

    /// <summary>The follower's log start; -1 from consumers.</summary>
    public long LogStartOffset { get; init; }

    public int MaxBytes { get; init; }

    public Uuid ReplicaDirectoryId { get; init; }

    /// <summary>The high watermark that the follower knows; the largest number if not told.</summary>
    public long HighWatermark { get; init; }
}
