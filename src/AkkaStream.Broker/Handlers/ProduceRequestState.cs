using System.Buffers.Binary;
using AkkaStream.Log;
using AkkaStream.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Handlers;

/// <summary>
/// One produce request from its frame to its answer. Rests with its desk and is used again. Partitions are answered from the turns
/// of their replicas, on any thread; whoever brings the last answer writes the reply.
/// </summary>
sealed class ProduceRequestState(ProduceDesk desk) : IAppendWaiter
{
    ReplySlot _slot = null!;
    Frame _frame;
    int _correlationId;
    int _pending, _repacking;

    /// <summary>Shares that are neither in a log's order nor answered.</summary>
    int _unordered;
    Topic[] _topics = new Topic[1];
    Answer[] _answers = new Answer[4];
    int _topicCount, _answerCount;
    bool _failed;

    public short Version { get; private set; }
    public short Acks { get; private set; }

    /// <summary>Some of its batches go by the work lane: its order is fixed when the last of them has been handed to its replica.</summary>
    public bool IsRepacking => _repacking > 0;

    public void Begin(ReplySlot slot, Frame frame, short version, int correlationId, short acks, int partitions)
    {
        _slot = slot;
        _frame = frame.Hold();
        Version = version;
        Acks = acks;
        _correlationId = correlationId;
        _topicCount = _answerCount = 0;
        _failed = false;
        _pending = _unordered = 1;
        _repacking = 0;
        if (_answers.Length < partitions) _answers = new Answer[partitions];
    }

    public void BeginTopic(byte[] name, TopicId id, int partitions)
    {
        if (_topicCount == _topics.Length) Array.Resize(ref _topics, _topicCount * 2);
        _topics[_topicCount++] = new Topic(name, id, partitions);
    }

    public int BeginPartition(TopicReplicas? topic, int partition)
    {
        _answers[_answerCount] = new Answer { Topic = topic, Result = new ProduceResult { Index = partition } };
        return _answerCount++;
    }

    public void Refuse(int index, ErrorCode error)
    {
        _failed = true;
        _answers[index].Result = _answers[index].Result with { ErrorCode = error };
    }

    /// <summary>The batch itself is at fault: say which records, and why.</summary>
    public void OnRefused(int index, in ProducedBatch batch, LocalReplica replica, long now)
    {
        _failed = true;
        var errors = RecordErrors.Of(batch, replica.Standing.Config, now, replica.Name);
        _answers[index].Result = _answers[index].Result with
        {
            ErrorCode = batch.Error,
            ErrorMessage = BatchFaults.Describe(batch),
            LogStartOffset = TellsLogStart(batch) ? replica.View?.StartOffset.Value ?? -1 : -1,
            RecordErrors = errors.Count == 0
                ? null
                : [.. errors.Select(e => new ProduceResponseRecordError { BatchIndex = e.BatchIndex, BatchIndexErrorMessage = e.Message })],
        };
    }

    public void Expect()
    {
        Interlocked.Increment(ref _pending);
        Interlocked.Increment(ref _unordered);
    }

    public void EndOffer()
    {
        OrderedAndAnswered();
        Done();
    }

    public void ExpectRepacked() => _repacking++;

    /// <summary>The bytes stay until the batch is in the log.</summary>
    public void Own(int index, BatchRecompressor? bytes) => _answers[index].Bytes = bytes;

    /// <summary>On the work lane, once for each batch that went there.</summary>
    public void OnRepacked()
    {
        if (Interlocked.Decrement(ref _repacking) > 0) return;
        _slot.FixOrder();
        Done();
    }

    /// <summary>Behind it a sync, which is long: once all batches are in their logs the connection's next request may begin.</summary>
    public void OnOrdered(int index)
    {
        _answers[index].IsOrdered = true;
        if (Interlocked.Decrement(ref _unordered) == 0) _slot.FixOrder();
    }

    // With nobody left to wait for but the caller the answer comes at once, and fixes the order with it.
    void OrderedAndAnswered()
    {
        if (Interlocked.Decrement(ref _unordered) == 0 && Volatile.Read(ref _pending) > 1) _slot.FixOrder();
    }

    public void OnAppended(int index, in ProducedBatch outcome, Offset logStart)
    {
        ref var answer = ref _answers[index];
        if (outcome.Error == ErrorCode.None)
        {
            answer.Result = answer.Result with
            {
                BaseOffset = outcome.BaseOffset.Value,
                LogAppendTimeMs = outcome.LogAppendTimeMs,
                LogStartOffset = logStart.Value,
            };
        }
        else
        {
            _failed = true;
            answer.Result = answer.Result with
            {
                ErrorCode = outcome.Error,
                ErrorMessage = outcome.Fault == BatchFault.None ? null : BatchFaults.Describe(outcome),
                LogStartOffset = TellsLogStart(outcome) ? logStart.Value : -1,
            };
        }
        answer.Bytes?.Dispose();
        answer.Bytes = null;
        if (!answer.IsOrdered) OrderedAndAnswered();
        Done();
    }

    // As on Kafka: a batch that the log itself refused is answered with where the log begins.
    static bool TellsLogStart(in ProducedBatch batch) =>
        batch.Fault is not (BatchFault.NoBatch or BatchFault.SecondBatch or BatchFault.OldFormat)
        && batch.Error is not (ErrorCode.CorruptMessage or ErrorCode.MessageTooLarge or ErrorCode.UnsupportedCompressionType
            or ErrorCode.NotLeaderOrFollower or ErrorCode.KafkaStorageError or ErrorCode.UnknownTopicOrPartition);

    void Done()
    {
        if (Interlocked.Decrement(ref _pending) > 0) return;

        // The bytes are in the log, or never will be.
        _frame.Release();
        var slot = _slot;
        if (Acks != 0) Write();
        if (Acks == 0 && _failed) slot.Close(EndReason.ProduceWithoutReplyFailed);
        else slot.Complete();
        desk.Rest(this);
    }

    void Write()
    {
        var topics = _topics.AsSpan(0, _topicCount);
        bool flexibleHeader = Version >= 9;
        ProduceResponseNodeEndpoint[] endpoints = _failed && Version >= 10 ? NameLeaders() : [];
        int size = 4 + (flexibleHeader ? 1 : 0) + ProduceResponseWriter.SizeOfResponse(Version, _topicCount, endpoints);
        int at = 0;
        foreach (ref readonly var topic in topics)
        {
            size += ProduceResponseWriter.SizeOfTopic(Version, topic.Name.Length, topic.Partitions);
            for (int end = at + topic.Partitions; at < end; at++) size += ProduceResponseWriter.SizeOfPartition(Version, _answers[at].Result);
        }
        var reply = _slot.Reserve(size);
        BinaryPrimitives.WriteInt32BigEndian(reply, _correlationId);
        if (flexibleHeader) reply[4] = 0;
        var writer = new ProduceResponseWriter(reply[(flexibleHeader ? 5 : 4)..], Version, _topicCount);
        at = 0;
        foreach (ref readonly var topic in topics)
        {
            writer.Topic(topic.Name, topic.Id, topic.Partitions);
            for (int end = at + topic.Partitions; at < end; at++) writer.Partition(_answers[at].Result);
        }
        writer.End(throttleTimeMs: 0, endpoints);
    }

    /// <summary>Who leads what is not led here, and where they are (KIP-951).</summary>
    ProduceResponseNodeEndpoint[] NameLeaders()
    {
        var leaders = new List<int>();
        foreach (ref var answer in _answers.AsSpan(0, _answerCount))
        {
            if (LeaderView.HintFor(answer.Result.ErrorCode, desk.Node, answer.Topic, answer.Result.Index) is not { } leader) continue;
            answer.Result = answer.Result with { CurrentLeader = leader };
            leaders.Add(leader.Id);
        }
        return [.. LeaderView.EndpointsOf(desk.Node, leaders, _slot.Connection.Listener.Name).Select(e => new ProduceResponseNodeEndpoint
        {
            NodeId = e.Broker.Id.Value,
            Host = e.Endpoint.Host,
            Port = e.Endpoint.Port,
            Rack = e.Broker.Rack,
        })];
    }

    readonly record struct Topic(byte[] Name, TopicId Id, int Partitions);

    struct Answer
    {
        public ProduceResult Result;
        public TopicReplicas? Topic;
        public BatchRecompressor? Bytes;
        public bool IsOrdered;
    }
}
