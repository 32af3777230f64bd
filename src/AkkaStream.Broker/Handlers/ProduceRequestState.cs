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
    int _pending;
    Topic[] _topics = new Topic[1];
    Answer[] _answers = new Answer[4];
    int _topicCount, _answerCount;
    bool _failed;

    public short Version { get; private set; }
    public short Acks { get; private set; }

    public void Begin(ReplySlot slot, Frame frame, short version, int correlationId, short acks, int partitions)
    {
        _slot = slot;
        _frame = frame.Hold();
        Version = version;
        Acks = acks;
        _correlationId = correlationId;
        _topicCount = _answerCount = 0;
        _failed = false;
        _pending = 1;
        if (_answers.Length < partitions) _answers = new Answer[partitions];
    }

    public void BeginTopic(byte[] name, TopicId id, int partitions)
    {
        if (_topicCount == _topics.Length) Array.Resize(ref _topics, _topicCount * 2);
        _topics[_topicCount++] = new Topic(name, id, partitions);
    }

    public int BeginPartition(int partition)
    {
        _answers[_answerCount] = new Answer { Result = new ProduceResult { Index = partition } };
        return _answerCount++;
    }

    public void Refuse(int index, ErrorCode error, LocalReplica? replica)
    {
        _failed = true;
        _answers[index].Result = _answers[index].Result with { ErrorCode = error, CurrentLeader = LeaderHint(error, replica) };
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
            LogStartOffset = -1,
            RecordErrors = errors.Count == 0
                ? null
                : [.. errors.Select(e => new ProduceResponseRecordError { BatchIndex = e.BatchIndex, BatchIndexErrorMessage = e.Message })],
        };
    }

    public void Expect(int index, LocalReplica replica)
    {
        _answers[index].Replica = replica;
        Interlocked.Increment(ref _pending);
    }

    public void EndOffer() => Done();

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
                CurrentLeader = LeaderHint(outcome.Error, answer.Replica),
            };
        }
        answer.Replica = null;
        Done();
    }

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
        int size = 4 + (flexibleHeader ? 1 : 0) + ProduceResponseWriter.SizeOfResponse(Version, _topicCount);
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
        writer.End(throttleTimeMs: 0);
    }

    static (int Id, int Epoch)? LeaderHint(ErrorCode error, LocalReplica? replica) =>
        error is (ErrorCode.NotLeaderOrFollower or ErrorCode.FencedLeaderEpoch) && replica is { Standing: { Leader.Value: >= 0 } standing }
            ? (standing.Leader.Value, standing.Epoch.Value)
            : null;

    readonly record struct Topic(byte[] Name, TopicId Id, int Partitions);

    struct Answer
    {
        public ProduceResult Result;
        public LocalReplica? Replica;
    }
}
