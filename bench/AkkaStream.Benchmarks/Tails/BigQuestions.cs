using AkkaStream.Benchmarks.Load;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Benchmarks.Tails;

/// <summary>Requests whose answers tell of 10,000 partitions, ready-made, each with the bytes that its answer must have at least.</summary>
static class BigQuestions
{
    public const int Topics = 10, PartitionsEach = 1_000;
    const int All = Topics * PartitionsEach;

    public static string TopicOf(int index) => $"many-{index}";

    public static (byte[] Request, int LeastBytes) Metadata => Ready(new MetadataRequest { Topics = null }, 8, All * 30);

    public static (string Name, (byte[] Request, int LeastBytes) Question)[] OfTools =>
    [
        ("ListOffsets of 10,000 partitions", Ready(new ListOffsetsRequest
        {
            ReplicaId = -1,
            Topics = [.. ForTopics(name => new ListOffsetsRequestTopic
            {
                Name = name,
                Partitions = [.. ForPartitions(p => new ListOffsetsRequestPartition { PartitionIndex = p, CurrentLeaderEpoch = -1, Timestamp = -1 })],
            })],
        }, 5, All * 20)),
        ("DescribeLogDirs of 10,000 partitions", Ready(new DescribeLogDirsRequest { Topics = null }, 1, All * 20)),
        ("DescribeTopicPartitions, 2,000 a page", Ready(new DescribeTopicPartitionsRequest { ResponsePartitionLimit = 2_000 }, 0, 2_000 * 20)),
        ("DescribeConfigs of ten topics", Ready(new DescribeConfigsRequest
        {
            IncludeSynonyms = true,
            Resources = [.. ForTopics(name => new DescribeConfigsRequestResource { ResourceType = 2, ResourceName = name })],
        }, 1, Topics * 500)),
        ("OffsetFetch of 10,000 partitions", Ready(new OffsetFetchRequest { GroupId = "nobody", Topics = [.. ForTopics(name => new OffsetFetchRequestTopic
        {
            Name = name,
            PartitionIndexes = [.. ForPartitions(p => p)],
        })] }, 5, 0)),
        ("Fetch of 10,000 partitions", Ready(new FetchRequest
        {
            MaxWaitMs = 0,
            MaxBytes = 1,
            SessionEpoch = -1,
            Topics = [.. ForTopics(name => new FetchRequestTopic
            {
                Topic = name,
                Partitions = [.. ForPartitions(p => new FetchRequestPartition { Partition = p, PartitionMaxBytes = 1 })],
            })],
        }, 11, All * 20)),
    ];

    static IEnumerable<T> ForTopics<T>(Func<string, T> make) => Enumerable.Range(0, Topics).Select(i => make(TopicOf(i)));
    static IEnumerable<T> ForPartitions<T>(Func<int, T> make) => Enumerable.Range(0, PartitionsEach).Select(make);
    static (byte[], int) Ready(IRequest request, short version, int leastBytes) => (RawClient.Framed(request, version), leastBytes);
}
