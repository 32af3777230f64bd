using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Metadata.Tests;

/// <summary>
/// What the image should say, kept in plain dictionaries that a record changes in place: no sharing, no drafts, no deltas.
/// Also makes up the next record that fits, from a seed.
/// </summary>
sealed class NaiveMetadata(Random random)
{
    public sealed class Partition
    {
        public int[] Replicas = [];
        public int[] Isr = [];
        public int Leader;
        public int LeaderEpoch;
        public int PartitionEpoch;

        public override string ToString() =>
            $"{string.Join(',', Replicas)} isr {string.Join(',', Isr)} leader {Leader} epoch {LeaderEpoch} state {PartitionEpoch}";
    }

    public readonly SortedDictionary<string, (TopicId Id, List<Partition> Partitions)> Topics = new(StringComparer.Ordinal);
    public readonly SortedDictionary<int, (Uuid Incarnation, long Epoch, bool Fenced)> Brokers = [];
    public readonly SortedDictionary<string, string> Configs = new(StringComparer.Ordinal);
    public readonly SortedDictionary<string, short> Features = new(StringComparer.Ordinal);
    public long NextProducerId;
    int _drawn;

    public IEnumerable<IStoredMessage> Next()
    {
        IStoredMessage[] records = random.Next(14) switch
        {
            0 or 1 => CreateTopic(),
            2 when Topics.Count > 0 => [new RemoveTopicRecord { TopicId = AnyTopic().Value.Id }],
            3 when Topics.Count > 0 => AddPartition(),
            4 or 5 or 6 when Topics.Values.Any(t => t.Partitions.Count > 0) => [ChangePartition()],
            7 => [Records.Config(AnyResource(), $"key{random.Next(3)}", random.Next(3) == 0 ? null : $"{random.Next(5)}")],
            8 => [new FeatureLevelRecord { Name = $"feature{random.Next(3)}", FeatureLevel = (short)random.Next(3) }],
            9 => [new ProducerIdsRecord { NextProducerId = NextProducerId + 1000 }],
            10 or 11 => [Records.Broker(random.Next(1, 4), ++_drawn, ++_drawn, fenced: random.Next(3) == 0)],
            12 when Brokers.Count > 0 => [FenceOrUnfence()],
            13 when Brokers.Count > 0 => [Unregister()],
            _ => [new NoOpRecord()],
        };
        foreach (IStoredMessage record in records) Apply(record);
        return records;
    }

    public IEnumerable<string> Lines()
    {
        foreach (var (name, topic) in Topics)
            foreach ((int number, Partition partition) in topic.Partitions.Index()) yield return $"{name} {topic.Id} {number}: {partition}";
        foreach (var (id, broker) in Brokers) yield return $"broker {id} {broker.Incarnation} {broker.Epoch} {broker.Fenced}";
        foreach (var (key, value) in Configs) yield return $"config {key}={value}";
        foreach (var (name, level) in Features) yield return $"feature {name}={level}";
        yield return $"next producer id {NextProducerId}";
    }

    public static IEnumerable<string> Lines(MetadataImage image)
    {
        foreach (TopicImage topic in image.Topics.All.OrderBy(t => t.Name, StringComparer.Ordinal))
            foreach ((int number, PartitionImage p) in topic.Partitions.Index())
                yield return $"{topic.Name} {topic.Id} {number}: {string.Join(',', p.Replicas.Wire)} isr {string.Join(',', p.Isr.Wire)} " +
                    $"leader {p.Leader} epoch {p.LeaderEpoch} state {p.PartitionEpoch}";
        foreach (BrokerImage broker in image.Brokers.All)
            yield return $"broker {broker.Id} {broker.IncarnationId} {broker.Epoch} {broker.Fenced}";
        var configs = image.Configs.Resources.SelectMany(r => image.Configs.Of(r).Select(c => $"config {r} {c.Key}={c.Value}"));
        foreach (string line in configs.Order(StringComparer.Ordinal)) yield return line;
        foreach (var (name, level) in image.Features.Levels) yield return $"feature {name}={level}";
        yield return $"next producer id {image.NextProducerId}";
    }

    void Apply(IStoredMessage record)
    {
        switch (record)
        {
            case TopicRecord r:
                Topics[r.Name] = (r.TopicId, []);
                break;
            case PartitionRecord r:
                Named(r.TopicId).Value.Partitions.Add(new Partition { Replicas = r.Replicas, Isr = r.Isr, Leader = r.Leader });
                break;
            case PartitionChangeRecord r:
                Change(Named(r.TopicId).Value.Partitions[r.PartitionId], r);
                break;
            case RemoveTopicRecord r:
                string name = Named(r.TopicId).Key;
                Topics.Remove(name);
                foreach (string key in Configs.Keys.Where(k => k.StartsWith($"{ConfigResource.Topic(name)} ")).ToList()) Configs.Remove(key);
                break;
            case ConfigRecord r:
                string config = $"{new ConfigResource((ConfigResourceType)r.ResourceType, r.ResourceName)} {r.Name}";
                if (r.Value is null) Configs.Remove(config);
                else Configs[config] = r.Value;
                break;
            case FeatureLevelRecord r:
                if (r.FeatureLevel == 0) Features.Remove(r.Name);
                else Features[r.Name] = r.FeatureLevel;
                break;
            case ProducerIdsRecord r:
                NextProducerId = r.NextProducerId;
                break;
            case RegisterBrokerRecord r:
                if (!r.Fenced && Brokers.ContainsKey(r.BrokerId)) Restart(r.BrokerId);
                Brokers[r.BrokerId] = (r.IncarnationId, r.BrokerEpoch, r.Fenced);
                break;
            case BrokerRegistrationChangeRecord r:
                Brokers[r.BrokerId] = Brokers[r.BrokerId] with { Fenced = r.Fenced > 0 };
                break;
            case UnregisterBrokerRecord r:
                Brokers.Remove(r.BrokerId);
                break;
        }
    }

    void Restart(int broker)
    {
        foreach (Partition partition in Topics.Values.SelectMany(t => t.Partitions).Where(p => p.Leader == broker))
        {
            partition.LeaderEpoch += 2;
            partition.PartitionEpoch += 2;
        }
    }

    static void Change(Partition partition, PartitionChangeRecord record)
    {
        partition.PartitionEpoch++;
        if (record.Leader != -2) (partition.Leader, partition.LeaderEpoch) = (record.Leader, partition.LeaderEpoch + 1);
        partition.Isr = record.Isr ?? partition.Isr;
        partition.Replicas = record.Replicas ?? partition.Replicas;
    }

    IStoredMessage[] CreateTopic()
    {
        string name = $"topic{random.Next(8)}";
        if (Topics.ContainsKey(name)) return [];
        int id = ++_drawn;
        int[] replicas = random.Next(2) == 0 ? [1] : [2, 1, 3];
        return [Records.Topic(name, id), .. Enumerable.Range(0, random.Next(4)).Select(p => Records.Partition(id, p, replicas))];
    }

    IStoredMessage[] AddPartition()
    {
        var (id, partitions) = AnyTopic().Value;
        var record = new PartitionRecord { TopicId = id, PartitionId = partitions.Count, Replicas = [1], Isr = [1], Leader = 1, LeaderEpoch = 0, PartitionEpoch = 0 };
        return [record];
    }

    PartitionChangeRecord ChangePartition()
    {
        var withPartitions = Topics.Values.Where(t => t.Partitions.Count > 0).ToList();
        var (id, partitions) = withPartitions[random.Next(withPartitions.Count)];
        return new PartitionChangeRecord
        {
            TopicId = id,
            PartitionId = random.Next(partitions.Count),
            Leader = random.Next(3) == 0 ? -2 : random.Next(-1, 4),
            Isr = random.Next(2) == 0 ? null : [random.Next(1, 4)],
            Replicas = random.Next(3) == 0 ? [3, 1] : null,
        };
    }

    BrokerRegistrationChangeRecord FenceOrUnfence()
    {
        var (id, broker) = Brokers.ElementAt(random.Next(Brokers.Count));
        return new BrokerRegistrationChangeRecord { BrokerId = id, BrokerEpoch = broker.Epoch, Fenced = (sbyte)(random.Next(2) * 2 - 1) };
    }

    UnregisterBrokerRecord Unregister()
    {
        var (id, broker) = Brokers.ElementAt(random.Next(Brokers.Count));
        return new UnregisterBrokerRecord { BrokerId = id, BrokerEpoch = broker.Epoch };
    }

    ConfigResource AnyResource() => random.Next(3) switch
    {
        0 => ConfigResource.BrokerDefault,
        1 => new ConfigResource(ConfigResourceType.Group, "g"),
        _ => Topics.Count > 0 ? ConfigResource.Topic(AnyTopic().Key) : ConfigResource.BrokerDefault,
    };

    KeyValuePair<string, (TopicId Id, List<Partition> Partitions)> AnyTopic() => Topics.ElementAt(random.Next(Topics.Count));

    KeyValuePair<string, (TopicId Id, List<Partition> Partitions)> Named(TopicId id) => Topics.Single(t => t.Value.Id == id);
}
