using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client.Consuming;

/// <summary>One Fetch request on its way. Keeps the memory of the answer for the records in it.</summary>
sealed class FetchCall(ConsumerEngine engine, BrokerFetcher fetcher, FetchPlan plan, IReadOnlyDictionary<TopicPartition, int> eras) : LinkCall
{
    public override ApiKey Api => ApiKey.Fetch;

    public override VersionRange Versions => new(4, plan.ById ? ApiTable.Advertised(ApiKey.Fetch).Highest : (short)12);

    public override TimeSpan? Timeout => engine.Settings.Client.RequestTimeout + engine.Settings.FetchMaxWait;

    public FetchPlan Plan => plan;

    /// <summary>Which seek the question belongs to, for each partition.</summary>
    public IReadOnlyDictionary<TopicPartition, int> Eras => eras;

    protected override void Write(LinkOutput output, short version, int correlationId, string? clientId)
    {
        var settings = engine.Settings;
        WriteMessage(output, new FetchRequest
        {
            MaxWaitMs = (int)settings.FetchMaxWait.TotalMilliseconds,
            MinBytes = settings.FetchMinBytes,
            MaxBytes = settings.FetchMaxBytes,
            IsolationLevel = (sbyte)settings.Isolation,
            SessionId = version >= 7 ? plan.SessionId : 0,
            SessionEpoch = version >= 7 ? plan.Epoch : -1,
            RackId = version >= 11 ? settings.Client.Rack : "",
            Topics = [.. plan.Wanted.GroupBy(w => (w.Partition.Topic, w.TopicId)).Select(topic => new FetchRequestTopic
            {
                Topic = topic.Key.Topic,
                TopicId = topic.Key.TopicId,
                Partitions = [.. topic.Select(w => new FetchRequestPartition
                {
                    Partition = w.Partition.Partition,
                    FetchOffset = w.Offset,
                    CurrentLeaderEpoch = w.LeaderEpoch,
                    PartitionMaxBytes = w.MaxBytes,
                })],
            })],
            ForgottenTopicsData = version < 7 ? []
                : [.. plan.Forgotten.GroupBy(w => (w.Partition.Topic, w.TopicId)).Select(topic => new FetchRequestForgottenTopic
            {
                Topic = topic.Key.Topic,
                TopicId = topic.Key.TopicId,
                Partitions = [.. topic.Select(w => w.Partition.Partition)],
            })],
        }, version, correlationId, clientId);
    }

    protected override void OnReply(in LinkReply reply)
    {
        var body = reply.Keep(out var lease);
        try
        {
            var reader = new WireReader(body);
            engine.OnFetched(fetcher, this, FetchResponse.Read(ref reader, reply.Version), reply.Version, lease);
        }
        finally
        {
            lease.Release();
        }
    }

    protected override void OnFailed(LinkFailure failure) => engine.OnFetchFailed(fetcher, this, failure);
}

/// <summary>The fetching from one broker: one request at a time, in a session. Under the engine's lock.</summary>
sealed class BrokerFetcher(int brokerId)
{
    public int BrokerId => brokerId;

    public FetchSession Session { get; } = new();

    public bool IsInFlight;

    /// <summary>A failure makes it wait until then.</summary>
    public long NotBefore;

    public int Failures;
}
