using System.Text;
using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client.Producing;

/// <summary>
/// One Produce request: a batch each for some partitions of one broker. Written straight from the batches and its answer read without
/// objects. Used by one thread at a time, and again after it has come back.
/// </summary>
sealed class ProduceCall(ProducerEngine engine) : LinkCall
{
    static readonly BatchResult NotMentioned = new()
    {
        Error = ErrorCode.NetworkException,
        Text = "the broker's answer does not mention the partition",
        MayBeWritten = true,
    };

    static readonly Comparison<Entry> ByTopic = (a, b) => a.Queue.Topic.Order != b.Queue.Topic.Order
        ? a.Queue.Topic.Order.CompareTo(b.Queue.Topic.Order)
        : a.Queue.Partition.CompareTo(b.Queue.Partition);

    readonly List<Entry> _entries = [];
    BrokerSender? _sender;
    bool _byId;

    public override ApiKey Api => ApiKey.Produce;

    public override VersionRange Versions => new(
        engine.Settings.Compression == CompressionCodec.Zstd ? (short)7 : (short)3, _byId ? ApiTable.Advertised(ApiKey.Produce).Highest : (short)12);

    public override bool ExpectsReply => engine.Settings.Acks != Acks.None;

    /// <summary>At most so many bytes, before compression.</summary>
    public int EstimatedSize { get; private set; }

    public void Begin(BrokerSender sender)
    {
        _sender = sender;
        EstimatedSize = 0;
    }

    public void Add(PartitionQueue queue, ProducerBatch batch)
    {
        _entries.Add(new Entry { Queue = queue, Batch = batch });
        EstimatedSize += batch.PlainSize;
    }

    /// <summary>Compresses the batches and looks up the topics' ids; without any lock.</summary>
    public void Prepare()
    {
        _entries.Sort(ByTopic);
        var snapshot = engine.Cluster.Snapshot;
        _byId = true;
        foreach (ref var entry in System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries))
        {
            int plain = entry.Batch.PlainSize;
            entry.Batch.Pack(engine.Settings.Compression, engine.Settings.CompressionLevel);
            if (engine.Settings.Compression != CompressionCodec.None) entry.Queue.Topic.Compressed(plain, entry.Batch.Size);
            entry.Id = snapshot.Topics.TryGetValue(entry.Queue.Topic.Name, out var topic) ? topic.Id : default;
            _byId &= !entry.Id.IsZero;
        }
    }

    protected override void Write(LinkOutput output, short version, int correlationId, string? clientId)
    {
        bool flexible = version >= 9;
        int topics = 0, size = 8 + WireSize.String(clientId, false) + WireSize.String(null, flexible) + 6 + (flexible ? 2 : 0);
        for (int i = 0; i < _entries.Count; i++)
        {
            if (IsFirstOfTopic(i))
            {
                topics++;
                size += TopicSize(i, version) + (flexible ? 1 : 0);
            }
            int records = _entries[i].Batch.Size;
            size += 4 + WireSize.Length(records, flexible) + records + (flexible ? 1 : 0);
        }
        size += WireSize.Length(topics, flexible);
        WriteHead(output, version, correlationId, clientId, topics, size);
        for (int i = 0; i < _entries.Count; i++)
        {
            if (IsFirstOfTopic(i)) WriteTopic(output, i, version);
            var records = _entries[i].Batch.Finish(engine.Settings.Compression, transactional: false);
            var writer = new WireWriter(output.Take(4 + WireSize.Length(records.Length, flexible)));
            writer.WriteInt32(_entries[i].Queue.Partition);
            writer.WriteLength(records.Length, flexible);
            output.Append(records);
            // The tags of the partition, and of the topic behind its last one.
            if (flexible) output.Take(i + 1 == _entries.Count || IsFirstOfTopic(i + 1) ? 2 : 1).Clear();
        }
        if (flexible) output.Take(1).Clear();
    }

    bool IsFirstOfTopic(int i) => i == 0 || _entries[i].Queue.Topic != _entries[i - 1].Queue.Topic;

    int PartitionsOf(int first)
    {
        int count = 1;
        while (first + count < _entries.Count && !IsFirstOfTopic(first + count)) count++;
        return count;
    }

    int TopicSize(int i, short version) =>
        (version >= 13 ? Uuid.SizeInBytes : WireSize.String(_entries[i].Queue.Topic.Name, version >= 9))
        + WireSize.Length(PartitionsOf(i), version >= 9);

    void WriteHead(LinkOutput output, short version, int correlationId, string? clientId, int topics, int size)
    {
        bool flexible = version >= 9;
        int head = Frames.LengthSize + 8 + WireSize.String(clientId, false) + WireSize.String(null, flexible) + 6
            + WireSize.Length(topics, flexible) + (flexible ? 1 : 0);
        var writer = new WireWriter(output.Take(head));
        writer.WriteInt32(size);
        writer.WriteInt16((short)ApiKey.Produce);
        writer.WriteInt16(version);
        writer.WriteInt32(correlationId);
        writer.WriteNullableString(clientId, false, "clientId");
        if (flexible) writer.WriteUnsignedVarint(0);
        writer.WriteNullableString(null, flexible, "transactionalId");
        writer.WriteInt16((short)engine.Settings.Acks);
        writer.WriteInt32((int)engine.Settings.Client.RequestTimeout.TotalMilliseconds);
        writer.WriteLength(topics, flexible);
    }

    void WriteTopic(LinkOutput output, int i, short version)
    {
        var writer = new WireWriter(output.Take(TopicSize(i, version)));
        if (version >= 13) writer.WriteTopicId(_entries[i].Id);
        else writer.WriteString(_entries[i].Queue.Topic.Name, version >= 9, "name");
        writer.WriteLength(PartitionsOf(i), version >= 9);
    }

    protected override void OnReply(in LinkReply reply)
    {
        var answer = new ProduceAnswer(reply.Body, reply.Version);
        while (answer.MoveToPartition())
        {
            int at = Find(answer);
            if (at < 0) continue;
            ref var entry = ref System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_entries)[at];
            entry.IsAnswered = true;
            entry.Result = answer.Result;
        }
        var endpoints = answer.ReadEndpoints();
        foreach (var entry in _entries)
        {
            var result = entry.IsAnswered
                ? entry.Result
                : NotMentioned;
            engine.OnResult(entry.Queue, entry.Batch, result, endpoints, _sender);
        }
        Land();
    }

    int Find(in ProduceAnswer answer)
    {
        for (int i = 0; i < _entries.Count; i++)
        {
            if (_entries[i].IsAnswered || _entries[i].Queue.Partition != answer.Partition) continue;
            if (answer.IsById ? _entries[i].Id == answer.TopicId : IsName(answer.TopicName, _entries[i].Queue.Topic.Name)) return i;
        }
        return -1;
    }

    static bool IsName(ReadOnlySpan<byte> utf8, string name) =>
        utf8.Length == name.Length ? Ascii.Equals(utf8, name) : Encoding.UTF8.GetString(utf8) == name;

    protected override void OnSent()
    {
        foreach (var entry in _entries) engine.OnResult(entry.Queue, entry.Batch, BatchResult.Unconfirmed, null, _sender);
        Land();
    }

    protected override void OnFailed(LinkFailure failure)
    {
        var result = new BatchResult
        {
            Error = failure.Kind switch
            {
                LinkFailureKind.Unsupported => ErrorCode.UnsupportedVersion,
                LinkFailureKind.NotAuthenticated => ErrorCode.SaslAuthenticationFailed,
                LinkFailureKind.TimedOut => ErrorCode.RequestTimedOut,
                _ => ErrorCode.NetworkException,
            },
            Text = failure.Text,
            MayBeWritten = failure.MayHaveArrived,
        };
        foreach (var entry in _entries) engine.OnResult(entry.Queue, entry.Batch, result, null, _sender);
        Land();
    }

    void Land()
    {
        var sender = _sender;
        _sender = null;
        _entries.Clear();
        engine.Return(this);
        sender?.Landed();
    }

    struct Entry
    {
        public PartitionQueue Queue;
        public ProducerBatch Batch;
        public TopicId Id;
        public BatchResult Result;
        public bool IsAnswered;
    }
}

/// <summary>What a broker said of one batch, or why it said nothing.</summary>
readonly record struct BatchResult()
{
    public static readonly BatchResult Unconfirmed = new();

    public ErrorCode Error { get; init; }
    public long BaseOffset { get; init; } = -1;
    public long LogAppendTime { get; init; } = -1;
    public string? Text { get; init; }

    /// <summary>Where to go instead (KIP-951); -1 if that was not told.</summary>
    public int Leader { get; init; } = -1;
    public int LeaderEpoch { get; init; } = -1;

    /// <summary>There was an error, and yet the batch may have been written.</summary>
    public bool MayBeWritten { get; init; }
}
