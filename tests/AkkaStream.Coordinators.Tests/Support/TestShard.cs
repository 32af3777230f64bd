using AkkaStream.Metadata;
using AkkaStream.Metadata.Configs;

namespace AkkaStream.Coordinators.Tests.Support;

/// <summary>
/// A shard with its log, its clock and its waiting callers. What is appended goes through the bytes of the records, so that a restart finds
/// what a restart would find.
/// </summary>
sealed class TestShard
{
    const long Start = 1_800_000_000_000;

    readonly List<(byte[] Key, byte[]? Value, ProducerId Producer)> _log;
    readonly List<(TestCall Call, IMessage Response)> _uncommitted = [];
    int _ids, _topicIds;

    public TestShard(GroupSettings? settings = null) : this(settings ?? Quick(), [], 0)
    {
    }

    TestShard(GroupSettings settings, List<(byte[], byte[]?, ProducerId)> log, long now, MetadataImage? image = null)
    {
        _log = log;
        NowMs = now;
        Shard = new GroupShard(() => NextId()) { Settings = settings, Image = image ?? MetadataImage.Empty };
        foreach (var (key, value, producer) in _log) Replay(key, value, producer);
        Carry(Shard.OnLoaded(Now));
    }

    public GroupShard Shard { get; }

    /// <summary>The cluster has exactly these topics.</summary>
    public void SetTopics(params (string Name, int Partitions)[] topics)
    {
        var draft = new MetadataDraft(Shard.Image);
        foreach (var known in Shard.Image.Topics.All.Where(k => topics.All(t => t.Name != k.Name)).ToArray())
            draft.Apply(new RemoveTopicRecord { TopicId = known.Id });
        foreach (var (name, partitions) in topics)
        {
            var known = Shard.Image.Topics.Find(name);
            var id = known?.Id ?? new TopicId(new Uuid(77, ++_topicIds));
            if (known is null) draft.Apply(new TopicRecord { Name = name, TopicId = id });
            for (int i = known?.Partitions.Length ?? 0; i < partitions; i++)
                draft.Apply(new PartitionRecord { TopicId = id, PartitionId = i, Replicas = [1], Isr = [1], Leader = 1 });
        }
        Shard.Image = draft.Build(new MetadataRevision(Shard.Image.Revision.Value + 1)).Image;
    }

    /// <summary>One more, under a given id.</summary>
    public void SetTopic(string name, int partitions, TopicId id)
    {
        var draft = new MetadataDraft(Shard.Image);
        draft.Apply(new TopicRecord { Name = name, TopicId = id });
        for (int i = 0; i < partitions; i++)
            draft.Apply(new PartitionRecord { TopicId = id, PartitionId = i, Replicas = [1], Isr = [1], Leader = 1 });
        Shard.Image = draft.Build(new MetadataRevision(Shard.Image.Revision.Value + 1)).Image;
    }

    public void SetGroupConfig(string group, string name, string value)
    {
        var draft = new MetadataDraft(Shard.Image);
        draft.Apply(new ConfigRecord { ResourceType = (sbyte)ConfigResourceType.Group, ResourceName = group, Name = name, Value = value });
        Shard.Image = draft.Build(new MetadataRevision(Shard.Image.Revision.Value + 1)).Image;
    }

    public TopicId IdOf(string topic) => Shard.Image.Topics.Find(topic)?.Id ?? TopicId.Zero;

    public ConsumerGroup Consumers(string id) => Assert.IsType<ConsumerGroup>(Shard.Find(id));

    public Func<string>? Ids { get; set; }
    public long NowMs { get; private set; }
    public Moment Now => new(NowMs, Start + NowMs);

    /// <summary>Set to make appends fail.</summary>
    public ErrorCode AppendError { get; set; }

    /// <summary>While true, nothing that is appended is committed, and its answers wait.</summary>
    public bool HoldsCommits { get; set; }
    public List<GroupEvent> Events { get; } = [];
    public int LogLength => _log.Count;

    /// <summary>No waiting for the first members, as most tests want it.</summary>
    public static GroupSettings Quick(params (string Name, string Value)[] properties)
    {
        var all = new Dictionary<string, string> { ["group.initial.rebalance.delay.ms"] = "0" };
        foreach (var (name, value) in properties) all[name] = value;
        return GroupSettings.Of(new BrokerLayers(all));
    }

    public ClassicGroup Classic(string id) => Assert.IsType<ClassicGroup>(Shard.Find(id));

    public TestCall Send(IRequest request, short version, string clientId = "c")
    {
        var call = new TestCall(request, version, clientId);
        Carry(Shard.Handle(call, Now));
        RunDue();
        return call;
    }

    public T Ask<T>(IRequest<T> request, short version, string clientId = "c") where T : class, IMessage
    {
        var call = Send(request, version, clientId);
        Assert.True(call.IsAnswered, $"{request.ApiKey} waits");
        return call.Answer<T>();
    }

    public void Advance(long ms)
    {
        long until = NowMs + ms;
        while (Shard.NextDeadline <= until)
        {
            NowMs = Math.Max(NowMs, Shard.NextDeadline);
            RunDue();
        }
        NowMs = until;
    }

    public void Commit()
    {
        HoldsCommits = false;
        foreach (var (call, response) in _uncommitted) call.Take(response);
        _uncommitted.Clear();
    }

    public void Carry(Decision decision)
    {
        if (decision.Records.Count > 0)
        {
            if (AppendError != ErrorCode.None)
            {
                decision = Shard.Refuse(decision, AppendError);
            }
            else
            {
                foreach (var record in decision.Records)
                {
                    byte[]? value = record.Value is { } v ? StoredTable.ToBytes(v, record.ValueVersion) : null;
                    _log.Add((StoredTable.ToBytes(record.Key, 0), value, decision.Producer));
                }
                decision = Shard.Apply(decision);
            }
        }
        foreach (var answer in decision.Answers)
        {
            var call = (TestCall)answer.Call;
            if (answer.AtCommit && HoldsCommits) _uncommitted.Add((call, answer.Response));
            else call.Take(answer.Response);
        }
        Events.AddRange(decision.Events);
    }

    /// <summary>The coordinator starts anew from its log. Whoever waits gets no answer any more; the caller's business.</summary>
    public TestShard Restarted() => new(Shard.Settings, _log, NowMs, Shard.Image) { _ids = _ids, _topicIds = _topicIds, Ids = Ids };

    public CommittedOffset? Offset(string group, string topic, int partition) =>
        Shard.Find(group)?.Offsets.TryFind(topic, partition, out var offset) == true ? offset : null;

    public void Replay(byte[] key, byte[]? value, ProducerId producer)
    {
        var k = StoredTable.ReadGroupKey(key);
        if (k is null) return;
        Shard.Replay(k, value is null ? null : StoredTable.ReadGroupValue(k.Id, value), producer);
    }

    void RunDue()
    {
        while (Shard.OnTime(Now) is { } decision) Carry(decision);
    }

    string NextId() => Ids?.Invoke() ?? $"id{++_ids}";
}
