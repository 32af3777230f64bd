using AkkaStream.Log;
using AkkaStream.Net;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Protocol.Records;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Handlers;

// Produce, versions 3-13 (advertised from 0: see ApiTable.Advertised).
//
// acks=0 is answered by nothing; when it fails, the connection is closed, which is all such a client can be told.
// Any acks but 0, 1 and -1 is INVALID_REQUIRED_ACKS for every partition. From v13 on topics come by id: an unknown one is
// UNKNOWN_TOPIC_ID. zstd is taken from v7 on. One transactional batch without a transactional id spoils the whole request; with one
// it needs transactions, which are not served yet: INVALID_TXN_STATE.
//
// A batch that the topic wants in another codec is packed anew on the work lane; its connection waits until it is in the log's order.

/// <summary>
/// Takes produce requests as they lie in the frame: every batch is validated here, on the loop's thread, then all batches of the round
/// for one partition go to its replica together, in one turn and one write. Nothing is allocated for a request or a record.
/// </summary>
sealed unsafe class ProduceDesk
{
    readonly BrokerNode _node;
    readonly AppendBatchesPool _groups = new();
    readonly List<AppendBatches> _open = [];
    readonly List<Repacking> _toRepack = [];
    readonly Lock _restingLock = new();
    readonly Stack<ProduceRequestState> _resting = new();

    public ProduceDesk(BrokerNode node) => _node = node;

    public BrokerNode Node => _node;

    public void Offer(in RequestHeaderView header, Frame frame, ReplySlot slot)
    {
        var body = new ProduceRequestView(frame.Bytes[header.Length..], header.ApiVersion);
        var request = Rent();
        request.Begin(slot, frame, header.ApiVersion, header.CorrelationId, body.Acks, body.PartitionCountOfAll);
        byte* bytes = frame.Pointer + header.Length;
        long now = _node.NowMs();
        var spoiled = !body.HasTransactionalId && HoldsTransactionalBatch(body)
            ? ErrorCode.TransactionalIdAuthorizationFailed
            : ErrorCode.None;
        while (body.MoveToTopic())
        {
            if (body.PartitionCount == 0) continue;
            var topic = FindTopic(body, request);
            while (body.MoveToPartition()) OfferPartition(ref body, topic, request, spoiled, bytes, now);
        }
        // Those refused at sight are answered already; the request itself holds one share until all were offered, or packed anew.
        if (request.IsRepacking) return;
        slot.Group();
        request.EndOffer();
    }

    static bool HoldsTransactionalBatch(ProduceRequestView look)
    {
        while (look.MoveToTopic())
        {
            while (look.MoveToPartition())
            {
                if (look.Records.Length < RecordBatch.HeaderLength) continue;
                var batch = new RecordBatch(look.Records);
                if (batch.Magic == RecordBatch.CurrentMagic && batch.IsTransactional) return true;
            }
        }
        return false;
    }

    ProduceRequestState Rent()
    {
        lock (_restingLock) return _resting.TryPop(out var rested) ? rested : new ProduceRequestState(this);
    }

    /// <summary>Answered, on whatever thread the last append ended.</summary>
    public void Rest(ProduceRequestState request)
    {
        lock (_restingLock)
        {
            if (_resting.Count < 1024) _resting.Push(request);
        }
    }

    TopicReplicas? FindTopic(in ProduceRequestView body, ProduceRequestState request)
    {
        TopicReplicas? topic;
        bool byId = request.Version >= 13;
        bool known = byId ? _node.Replicas.TryFind(body.TopicId, out topic) : _node.Replicas.TryFind(body.TopicName, out topic);
        if (known) request.BeginTopic(topic!.NameUtf8, topic.Id, body.PartitionCount);
        else request.BeginTopic(body.TopicName.ToArray(), body.TopicId, body.PartitionCount);
        return topic;
    }

    void OfferPartition(
        ref ProduceRequestView body, TopicReplicas? topic, ProduceRequestState request, ErrorCode spoiled, byte* bytes, long now)
    {
        int index = request.BeginPartition(topic, body.PartitionIndex);
        LocalReplica? replica = null;
        var refusal = spoiled != ErrorCode.None ? spoiled : Refusal(body, topic, request, out replica);
        if (refusal != ErrorCode.None)
        {
            request.Refuse(index, refusal);
            return;
        }
        var standing = replica!.Standing;
        BatchValidator.Validate(bytes + body.RecordsOffset, body.Records.Length, standing.Config, now, request.Version >= 7, out var batch);
        if (batch.Error == ErrorCode.None && batch.IsTransactional)
            batch.Refuse(ErrorCode.InvalidTxnState, BatchFault.TransactionNotVerified);
        if (batch.Error != ErrorCode.None)
        {
            request.OnRefused(index, batch, replica, now);
            return;
        }
        request.Expect();
        if (BatchRecompressor.IsNeeded(batch, standing.Config))
        {
            request.ExpectRepacked();
            _toRepack.Add(new Repacking(this, replica, batch, standing.Config, request, index));
        }
        else
        {
            GroupFor(replica).Add(batch, request, index, request.Acks);
        }
    }

    static ErrorCode Refusal(in ProduceRequestView body, TopicReplicas? topic, ProduceRequestState request, out LocalReplica? replica)
    {
        replica = null;
        if (topic is null) return request.Version >= 13 ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
        if (!topic.HasPartition(body.PartitionIndex)) return ErrorCode.UnknownTopicOrPartition;
        if (request.Acks is < -1 or > 1) return ErrorCode.InvalidRequiredAcks;
        if (topic.IsInternal) return ErrorCode.InvalidTopicException;
        replica = topic.Replica(body.PartitionIndex);
        return replica?.Standing.Refusal ?? ErrorCode.NotLeaderOrFollower;
    }

    // A round touches few partitions, so a look along the list beats a dictionary.
    AppendBatches GroupFor(LocalReplica replica)
    {
        for (int i = _open.Count - 1; i >= 0; i--)
        {
            if (_open[i].Replica == replica) return _open[i];
        }
        var group = _groups.Rent(replica);
        _open.Add(group);
        return group;
    }

    /// <summary>The end of the loop's batch: each partition's group goes to its replica, whose turn mostly runs right here.</summary>
    public void AppendGrouped()
    {
        if (_open.Count > 0)
        {
            foreach (var group in _open) group.Replica.Actor.Tell(group, null);
            _open.Clear();
        }
        // Behind the groups: an earlier request of the same connection may stand in one of them.
        if (_toRepack.Count == 0) return;
        foreach (var repacking in _toRepack) _node.WorkLane.Schedule(repacking);
        _toRepack.Clear();
    }

    /// <summary>On the work lane. The request holds the frame, and with it the batch's bytes.</summary>
    public void AppendRepacked(LocalReplica replica, in ProducedBatch batch, ProduceRequestState request, int index)
    {
        var group = _groups.Rent(replica);
        group.Add(batch, request, index, request.Acks);
        replica.Actor.Tell(group, null);
    }
}
