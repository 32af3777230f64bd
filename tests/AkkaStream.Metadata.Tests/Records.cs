using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Metadata.Tests;

/// <summary>Short words for the records that tests put together.</summary>
static class Records
{
    public static readonly DirectoryId Directory = new(new Uuid(7, 7));

    public static TopicId Id(int number) => new(1000, number);

    public static Uuid Incarnation(int number) => new(2000, number);

    public static TopicRecord Topic(string name, int id) => new() { Name = name, TopicId = Id(id) };

    public static PartitionRecord Partition(int topic, int partition, params int[] replicas) => new()
    {
        TopicId = Id(topic),
        PartitionId = partition,
        Replicas = replicas,
        Isr = [.. replicas],
        Leader = replicas[0],
        LeaderEpoch = 0,
        PartitionEpoch = 0,
        Directories = [.. replicas.Select(_ => Directory.Value)],
    };

    public static RegisterBrokerRecord Broker(int id, int incarnation, long epoch, bool fenced = false) => new()
    {
        BrokerId = id,
        IncarnationId = Incarnation(incarnation),
        BrokerEpoch = epoch,
        Fenced = fenced,
        Rack = null,
        EndPoints = [new RegisterBrokerRecordEndpoint { Name = "PLAINTEXT", Host = "localhost", Port = 9092 }],
        LogDirs = [Directory.Value],
    };

    public static ConfigRecord Config(ConfigResource resource, string name, string? value) => new()
    {
        ResourceType = (sbyte)resource.Type,
        ResourceName = resource.Name,
        Name = name,
        Value = value,
    };

    public static (MetadataImage Image, MetadataDelta Delta) Apply(this MetadataImage image, params IEnumerable<IStoredMessage> records)
    {
        var draft = new MetadataDraft(image);
        long count = 0;
        foreach (IStoredMessage record in records)
        {
            draft.Apply(record);
            count++;
        }

        return draft.Build(image.Revision + count);
    }

    public static MetadataImage Replay(params IEnumerable<IStoredMessage> records) => MetadataImage.Empty.Apply(records).Image;

    /// <summary>The whole image in bytes: two images with the same bytes are the same.</summary>
    public static string[] Bytes(MetadataImage image) => [.. ImageRecords.Of(image)
        .Select(r => $"{r.GetType().Name} {Convert.ToHexString(StoredTable.ToBytes(r, ImageRecords.VersionOf(r)))}")];
}
