using AkkaStream.Client.Settings;
using AkkaStream.Net.Links;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Links;

namespace AkkaStream.Client.Tests.Support;

/// <summary>What a test does to a request before the fake cluster sees it.</summary>
enum Fault
{
    None,

    /// <summary>It is carried out, and the connection is cut before the answer.</summary>
    CutAfter,

    /// <summary>The connection is cut, and it is not carried out.</summary>
    CutBefore,

    /// <summary>It is carried out and never answered.</summary>
    Silence,

    /// <summary>It is answered when the test says so.</summary>
    Hold,
}

/// <summary>
/// A cluster of scripted brokers that keep records in lists and check sequences as Kafka does, so that a test can break what it
/// likes and then look at what was really written. Everything under one lock.
/// </summary>
sealed class FakeCluster
{
    readonly Lock _lock = new();
    readonly Dictionary<string, FakeTopic> _topics = [];
    readonly List<(FakeConnection Connection, FakeRequest Request)> _held = [];
    readonly int _brokers;
    readonly HashSet<int> _stopped = [];
    long _nextProducerId = 1000;

    public FakeCluster(int brokers = 1)
    {
        _brokers = brokers;
        VirtualDriver.LeaveSynchronizationContext();
        Time = new ManualTime();
        Network = new FakeNetwork();
        Driver = new VirtualDriver(Time);
        for (int id = 1; id <= brokers; id++) Start(id);
    }

    public ManualTime Time { get; }
    public FakeNetwork Network { get; }
    public VirtualDriver Driver { get; }

    /// <summary>Highest version of each API, where it is not the newest.</summary>
    public Dictionary<ApiKey, short> Highest { get; } = [];

    /// <summary>APIs that are not served.</summary>
    public HashSet<ApiKey> Missing { get; } = [];

    public Func<int, FakeRequest, Fault> FaultOf { get; set; } = (_, _) => Fault.None;

    /// <summary>Overrides an answer; null lets the cluster answer.</summary>
    public Func<int, FakeRequest, IMessage?> AnswerOf { get; set; } = (_, _) => null;

    public List<(int Broker, FakeRequest Request)> Seen { get; } = [];

    public ClientSettings Client => ClientSettings.For("broker1:9092") with { Time = Time, Connector = Network, Seed = 1, RunsInline = true };

    public ProducerSettings Producer => new() { Client = Client };

    public ConsumerSettings Consumer => new() { Client = Client, OffsetReset = OffsetReset.Earliest };

    public FakeTopic Topic(string name, int partitions = 1)
    {
        lock (_lock)
        {
            var topic = new FakeTopic(name, new TopicId(7, _topics.Count + 1), partitions, _brokers);
            _topics[name] = topic;
            return topic;
        }
    }

    public void Start(int id)
    {
        lock (_lock) _stopped.Remove(id);
        Network.Listen($"broker{id}", 9092, (connection, request) => OnRequest(id, connection, request));
    }

    public void Stop(int id)
    {
        lock (_lock) _stopped.Add(id);
        Network.Stop($"broker{id}", 9092);
    }

    /// <summary>Answers what was held, in the order in which it came.</summary>
    public void ReleaseHeld()
    {
        (FakeConnection Connection, FakeRequest Request)[] held;
        lock (_lock)
        {
            held = [.. _held];
            _held.Clear();
        }
        foreach (var (connection, request) in held)
            if (Answer(IdOf(connection), request) is { } answer) connection.Reply(request, answer);
    }

    public int HeldCount
    {
        get { lock (_lock) return _held.Count; }
    }

    static int IdOf(FakeConnection connection) => int.Parse(connection.Address["broker".Length..connection.Address.IndexOf(':')]);

    void OnRequest(int broker, FakeConnection connection, FakeRequest request)
    {
        Fault fault;
        lock (_lock)
        {
            Seen.Add((broker, request));
            fault = request.Api == ApiKey.ApiVersions ? Fault.None : FaultOf(broker, request);
            if (fault == Fault.Hold) _held.Add((connection, request));
        }
        if (fault == Fault.Hold) return;
        if (fault == Fault.CutBefore)
        {
            connection.Close();
            return;
        }
        var answer = Answer(broker, request);
        if (answer is FetchResponse fetched && fault == Fault.None && IsEmpty(fetched))
        {
            AnswerLater(broker, connection, request);
            return;
        }
        if (fault == Fault.CutAfter) connection.Close();
        else if (fault == Fault.None && answer is not null) connection.Reply(request, answer);
    }

    static bool IsEmpty(FetchResponse response) =>
        response.Responses.All(t => t.Partitions.All(p => p.ErrorCode == ErrorCode.None && p.Records is not { Length: > 0 }));

    void AnswerLater(int broker, FakeConnection connection, FakeRequest request)
    {
        var wait = TimeSpan.FromMilliseconds(((FetchRequest)request.Body).MaxWaitMs);
        ITimer? timer = null;
        timer = Time.CreateTimer(
            _ =>
            {
                timer?.Dispose();
                if (Answer(broker, request) is { } answer) connection.Reply(request, answer);
            },
            null, wait, Timeout.InfiniteTimeSpan);
    }

    IMessage? Answer(int broker, FakeRequest request)
    {
        lock (_lock)
        {
            if (AnswerOf(broker, request) is { } answer) return answer;
            return request.Body switch
            {
                ApiVersionsRequest => Versions(),
                MetadataRequest metadata => Metadata(metadata),
                InitProducerIdRequest => new InitProducerIdResponse { ProducerId = _nextProducerId++, ProducerEpoch = 0 },
                ProduceRequest produce => Produce(broker, produce, request.Version),
                FetchRequest fetch => Fetch(broker, fetch, request.Version),
                ListOffsetsRequest list => ListOffsets(list),
                _ => throw new TestFailedException($"the fake cluster does not know {request.Api}"),
            };
        }
    }

    ApiVersionsResponse Versions() => new()
    {
        ApiKeys = [.. ApiTable.Known.Where(k => !Missing.Contains(k)).Select(k => new ApiVersionsResponseApi
        {
            ApiKey = (short)k,
            MinVersion = ApiTable.Advertised(k).Lowest,
            MaxVersion = Highest.TryGetValue(k, out short highest) ? highest : ApiTable.Advertised(k).Highest,
        })],
    };

    MetadataResponse Metadata(MetadataRequest request)
    {
        var names = request.Topics is null ? [.. _topics.Keys] : request.Topics.Select(t => t.Name ?? "").ToArray();
        return new MetadataResponse
        {
            ClusterId = "fake",
            ControllerId = 1,
            Brokers = [.. Enumerable.Range(1, _brokers).Where(id => !_stopped.Contains(id)).Select(id => new MetadataResponseBroker { NodeId = id, Host = $"broker{id}", Port = 9092 })],
            Topics = [.. names.Select(name => _topics.TryGetValue(name, out var topic)
                ? topic.ToMetadata(_stopped)
                : new MetadataResponseTopic { Name = name, ErrorCode = ErrorCode.UnknownTopicOrPartition })],
        };
    }

    ProduceResponse? Produce(int broker, ProduceRequest request, short version)
    {
        var response = new ProduceResponse
        {
            Responses = [.. request.TopicData.Select(t => new ProduceResponseTopic
            {
                Name = t.Name,
                TopicId = t.TopicId,
                PartitionResponses = [.. t.PartitionData.Select(p => Find(t.Name, t.TopicId) is { } topic
                    ? topic.Partitions[p.Index].Append(broker, p.Index, p.Records ?? default)
                    : new ProduceResponsePartition { Index = p.Index, ErrorCode = version >= 13 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition })],
            })],
        };
        return request.Acks == 0 ? null : response;
    }

    FakeTopic? Find(string name, TopicId id) =>
        id.IsZero ? _topics.GetValueOrDefault(name) : _topics.Values.FirstOrDefault(t => t.Id == id);

    FetchResponse Fetch(int broker, FetchRequest request, short version) => new()
    {
        Responses = [.. request.Topics.Select(t => new FetchResponseTopic
        {
            Topic = t.Topic,
            TopicId = t.TopicId,
            Partitions = [.. t.Partitions.Select(p => Find(t.Topic, t.TopicId) is { } topic
                ? topic.Partitions[p.Partition].Fetch(broker, p, request.IsolationLevel == 1)
                : new FetchResponsePartition { PartitionIndex = p.Partition, ErrorCode = version >= 13 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition })],
        })],
    };

    ListOffsetsResponse ListOffsets(ListOffsetsRequest request) => new()
    {
        Topics = [.. request.Topics.Select(t => new ListOffsetsResponseTopic
        {
            Name = t.Name,
            Partitions = [.. t.Partitions.Select(p => _topics[t.Name].Partitions[p.PartitionIndex].OffsetOf(p.PartitionIndex, p.Timestamp))],
        })],
    };
}
