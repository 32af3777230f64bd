namespace AkkaStream.Conformance.Clients;

/// <summary>A record as clients know it.</summary>
/// <param name="Partition">Null leaves the choice to the client's partitioner.</param>
/// <param name="Timestamp">In ms; null takes the client's clock.</param>
sealed record ClientRecord(byte[]? Key, byte[]? Value, int? Partition = 0, long? Timestamp = null)
{
    public IReadOnlyList<(string Name, byte[]? Value)> Headers { get; init; } = [];

    /// <summary>Where it was read; -1 before.</summary>
    public long Offset { get; init; } = -1;
}

/// <summary>Partition and offset, -1 where the client does not learn it.</summary>
readonly record struct Placed(int Partition, long Offset);

sealed record ProduceWith(int Acks = -1, string Codec = "none", bool IsIdempotent = false);

/// <summary>The broker's answer was an error; the code is null where the client keeps it to itself.</summary>
sealed class ClientRefusedException(int? code, string text) : Exception($"{code?.ToString() ?? "no code"}: {text}")
{
    public int? Code { get; } = code;
}

/// <summary>One of other people's clients, in a process of its own. What it cannot do is not in Can and not asked of it.</summary>
interface IKafkaClient : IAsyncDisposable
{
    string Name { get; }
    IReadOnlySet<string> Codecs { get; }
    IReadOnlySet<string> Can { get; }

    Task<IReadOnlyList<Placed>> ProduceAsync(string topic, IReadOnlyList<ClientRecord> records, ProduceWith with);
    Task<IReadOnlyList<ClientRecord>> ConsumeAsync(string topic, int partition, long offset, int count);
    Task<long> OffsetAsync(string topic, int partition, long time);
    Task<IReadOnlyDictionary<string, int>> TopicsAsync();
    Task CreateAsync(string topic, int partitions, int replication = 1, IReadOnlyDictionary<string, string>? configs = null);
    Task GrowAsync(string topic, int partitions);
    Task DeleteAsync(string topic);
    Task<IReadOnlyDictionary<string, string?>> DescribeAsync(string topic);
    Task AlterAsync(string topic, IReadOnlyDictionary<string, string> configs);

    /// <summary>Reads as a member of a group and commits what it has read.</summary>
    Task<IReadOnlyList<ClientRecord>> ReadAsMemberAsync(string group, string topic, int count, string protocol = "classic");
}
