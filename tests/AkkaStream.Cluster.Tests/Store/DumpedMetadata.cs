using System.Text.Json;
using AkkaStream.TestKit;

namespace AkkaStream.Cluster.Tests.Store;

/// <summary>What the text of Kafka's dump tool says of a metadata log, put together by other means than our own.</summary>
sealed class DumpedMetadata
{
    sealed class Partition
    {
        public int Leader;
        public int Epoch;
        public List<int> Isr = [];
        public List<int> Eligible = [];
    }

    readonly Dictionary<string, string> _names = [];
    readonly Dictionary<(string Topic, int Number), Partition> _partitions = [];

    public long NextProducerId { get; private set; }

    public long BrokerEpoch { get; private set; }

    public long LastOffset { get; private set; }

    public IEnumerable<string> Partitions => _partitions.Select(p => $"{_names[p.Key.Topic]}-{p.Key.Number} leader {p.Value.Leader} " +
        $"epoch {p.Value.Epoch} isr [{string.Join(',', p.Value.Isr)}] elr [{string.Join(',', p.Value.Eligible)}]");

    public static DumpedMetadata Of(string archive)
    {
        var dumped = new DumpedMetadata();
        string file = Path.Combine(GoldenFiles.Root, "logdirs", "dump", archive, "__cluster_metadata-0.txt");
        foreach (string line in File.ReadLines(file).TakeWhile((l, i) => i == 0 || !l.StartsWith("Dumping") || l.EndsWith(".log")))
        {
            if (!line.StartsWith("| offset: ")) continue;
            dumped.LastOffset = long.Parse(line.Split(' ')[2]);
            int payload = line.IndexOf("payload: ", StringComparison.Ordinal);
            if (payload >= 0) dumped.Apply(JsonDocument.Parse(line[(payload + 9)..]).RootElement);
        }

        return dumped;
    }

    void Apply(JsonElement record)
    {
        JsonElement data = record.GetProperty("data");
        string? Id() => data.GetProperty("topicId").GetString();
        switch (record.GetProperty("type").GetString())
        {
            case "TOPIC_RECORD":
                _names[Id()!] = data.GetProperty("name").GetString()!;
                break;
            case "REMOVE_TOPIC_RECORD":
                foreach (var key in _partitions.Keys.Where(k => k.Topic == Id()).ToList()) _partitions.Remove(key);
                break;
            case "PARTITION_RECORD":
                _partitions[(Id()!, data.GetProperty("partitionId").GetInt32())] = new Partition
                {
                    Leader = data.GetProperty("leader").GetInt32(),
                    Epoch = data.GetProperty("leaderEpoch").GetInt32(),
                    Isr = Numbers(data.GetProperty("isr")),
                };
                break;
            case "PARTITION_CHANGE_RECORD":
                Change(_partitions[(Id()!, data.GetProperty("partitionId").GetInt32())], data);
                break;
            case "PRODUCER_IDS_RECORD":
                NextProducerId = data.GetProperty("nextProducerId").GetInt64();
                break;
            case "REGISTER_BROKER_RECORD":
                BrokerEpoch = data.GetProperty("brokerEpoch").GetInt64();
                break;
        }
    }

    static void Change(Partition partition, JsonElement data)
    {
        if (data.TryGetProperty("leader", out JsonElement leader)) (partition.Leader, partition.Epoch) = (leader.GetInt32(), partition.Epoch + 1);
        if (data.TryGetProperty("isr", out JsonElement isr)) partition.Isr = Numbers(isr);
        if (data.TryGetProperty("eligibleLeaderReplicas", out JsonElement eligible)) partition.Eligible = Numbers(eligible);
    }

    static List<int> Numbers(JsonElement array) => [.. array.EnumerateArray().Select(n => n.GetInt32())];
}
