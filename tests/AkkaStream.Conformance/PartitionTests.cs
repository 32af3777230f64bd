using System.Text;
using AkkaStream.Conformance.Clients;
using AkkaStream.TestKit;

namespace AkkaStream.Conformance;

/// <summary>The same key lands on the same partition, whoever writes it: where Kafka's own partitioner puts it.</summary>
[Collection(SharedBroker.Name)]
public sealed class PartitionTests(OneBroker broker)
{
    const int Keys = 60;

    public static TheoryData<string> Clients => [.. AllClients.Names];

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task A_key_lands_where_Kafka_puts_it(string client)
    {
        const int Partitions = 7;
        string topic = await broker.NewTopicAsync("keys", Partitions);
        bool isKcat = client == AllClients.Kcat;

        // kcat takes its key from the command line, one run for each record.
        var golden = Golden(Partitions).Where(k => !isKcat || k.Key.All(b => b is > 32 and < 127)).Take(isKcat ? 10 : Keys).ToList();
        ClientRecord[] records = [.. golden.Select(k => new ClientRecord(k.Key, "v"u8.ToArray(), Partition: null))];

        var placed = await (await broker.Clients[client]).ProduceAsync(topic, records, new ProduceWith());

        if (isKcat) placed = [.. await WhereAsync(topic, Partitions, golden.Select(k => k.Key))];
        for (int i = 0; i < golden.Count; i++)
            Assert.True(placed[i].Partition == golden[i].Partition,
                $"{client} puts the key {Convert.ToHexString(golden[i].Key)} on {placed[i].Partition}, Kafka on {golden[i].Partition}");
    }

    async Task<IEnumerable<Placed>> WhereAsync(string topic, int partitions, IEnumerable<byte[]> keys)
    {
        var reader = await broker.Clients[AllClients.Librdkafka];
        var found = new Dictionary<string, int>();
        for (int p = 0; p < partitions; p++)
        {
            int count = (int)await reader.OffsetAsync(topic, p, -1);
            if (count == 0) continue;
            foreach (var record in await reader.ConsumeAsync(topic, p, 0, count)) found[Encoding.UTF8.GetString(record.Key!)] = p;
        }

        return keys.Select(k => new Placed(found[Encoding.UTF8.GetString(k)], -1));
    }

    static IEnumerable<(byte[] Key, int Partition)> Golden(int partitions) =>
        from line in GoldenFiles.Lines("partitioner.jsonl")
        where line.GetProperty("kind").GetString() == "key"
        let key = Convert.FromHexString(line.GetProperty("key").GetString()!)
        where key.Length > 0
        select (key, line.GetProperty("partition").GetProperty(partitions.ToString()).GetInt32());
}
