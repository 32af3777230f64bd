using AkkaStream.Log;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Replication;
using Told = AkkaStream.Protocol.Messages.Hot.AbortedTransaction;
using LogAborted = AkkaStream.Log.Indexes.AbortedTransaction;

namespace AkkaStream.Broker.Handlers;

/// <summary>
/// One partition that somebody fetches: what is asked, what was told last, and the tie to the replica for news. Belongs to a request,
/// or to a fetch session and outlives requests there. Only touched on its request's loop, but for <see cref="OnNews"/>.
/// </summary>
sealed class FetchEntry : FetchInterest
{
    LocalReplica? _tiedTo;
    LogReadView? _seen;
    ReplicaStanding? _seenStanding;

    public TopicReplicas? Topic { get; private set; }

    /// <summary>As the client named it, for topics that are not known here.</summary>
    public byte[] TopicName { get; private set; } = [];
    public TopicId TopicId { get; private set; }
    public FetchPartition Asked { get; set; }
    public bool ById { get; private set; }

    /// <summary>The request that waits, or null while none does.</summary>
    public FetchRequestState? Waiting { get; set; }

    /// <summary>A mark while its session puts its entries in order.</summary>
    public bool GoesToEnd { get; set; }

    // What the session's client was told last, so that it is told again only what changed.
    public long ToldHighWatermark { get; set; } = -1;
    public long ToldLogStart { get; set; } = -1;

    public FetchResult Result { get; private set; }
    public LogSlice Slice { get; private set; }
    public bool MustWaitForDisk { get; private set; }

    /// <summary>The replica's log is not open yet: the answer comes with the news of its opening.</summary>
    public bool IsOpening { get; private set; }

    /// <summary>The disk could not read what was found last; told at the next look.</summary>
    public bool IsUnreadable { get; private set; }

    /// <summary>There is more than this slice, in a newer segment: waiting would bring no more bytes.</summary>
    public bool IsBehind { get; private set; }

    public bool IsError => Result.ErrorCode != ErrorCode.None || Result.DivergingEpoch is not null;

    public void Begin(TopicReplicas? topic, ReadOnlySpan<byte> name, TopicId id, bool byId, in FetchPartition asked)
    {
        Topic = topic;
        TopicName = topic?.NameUtf8 ?? name.ToArray();
        TopicId = topic?.Id ?? id;
        ById = byId;
        Asked = asked;
        ToldHighWatermark = ToldLogStart = -1;
    }

    public bool IsFor(in FetchRequestView body) =>
        Asked.Index == body.Partition.Index && (ById ? TopicId == body.TopicId : TopicName.AsSpan().SequenceEqual(body.TopicName));

    /// <summary>Looks at the partition as it is now; at most <paramref name="maxBytes"/>, but a whole first batch if asked for.</summary>
    /// <param name="refusal">What is wrong with the request as a whole; said of partitions that are known.</param>
    public void Read(BrokerNode node, bool committedOnly, int maxBytes, bool atLeastOneBatch, ReadMode mode, ErrorCode refusal)
    {
        Slice = default;
        MustWaitForDisk = IsOpening = IsBehind = false;
        var error = Find(node.Replicas, out var replica);
        if (error == ErrorCode.None) error = replica!.Check(Asked.CurrentLeaderEpoch);
        if (error == ErrorCode.None) error = refusal;
        if (error != ErrorCode.None)
        {
            Fail(error);
            return;
        }
        _seenStanding = replica!.Standing;
        for (int attempt = 0; ; attempt++)
        {
            var view = _seen = replica.View;
            if (view is null)
            {
                IsOpening = true;
                Result = new FetchResult { Index = Asked.Index };
                replica.Actor.Tell(NeedLog.Instance, null);
                return;
            }
            if (TryReadView(view, replica, committedOnly, maxBytes, atLeastOneBatch, mode) || attempt == 3) return;
        }
    }

    bool TryReadView(LogReadView view, LocalReplica replica, bool committedOnly, int maxBytes, bool atLeastOneBatch, ReadMode mode)
    {
        try
        {
            if (!IsUnreadable) return ReadView(view, committedOnly, Math.Min(maxBytes, Asked.MaxBytes), atLeastOneBatch, mode);
        }
        catch (IOException e)
        {
            NoteUnreadable(e.Message, replica);
        }
        IsUnreadable = false;
        Fail(ErrorCode.KafkaStorageError);
        return true;
    }

    /// <summary>The log is not to blame, or it would say so: the disk may be failing.</summary>
    public void NoteUnreadable(string cause, LocalReplica? replica = null)
    {
        IsUnreadable = true;
        (replica ?? Topic?.Replica(Asked.Index))?.Actor.Tell(new ReadFailed(cause), null);
    }

    ErrorCode Find(ReplicaTable replicas, out LocalReplica? replica)
    {
        replica = null;
        if (Topic is null || Topic.Replica(Asked.Index) is { Standing.Refusal: ErrorCode.UnknownTopicOrPartition })
        {
            // Unknown, or deleted since: it may be there now, under the same name or as the same id.
            bool found = ById ? replicas.TryFind(TopicId, out var topic) : replicas.TryFind(TopicName, out topic);
            Topic = found ? topic : null;
            if (!found) return ById ? ErrorCode.UnknownTopicId : ErrorCode.UnknownTopicOrPartition;
        }
        replica = Topic!.Replica(Asked.Index);
        if (replica is not null) return ErrorCode.None;
        return Topic.HasPartition(Asked.Index) ? ErrorCode.NotLeaderOrFollower : ErrorCode.UnknownTopicOrPartition;
    }

    /// <summary>False when the log has moved on meanwhile and its newest view must be taken.</summary>
    bool ReadView(LogReadView view, bool committedOnly, int maxBytes, bool atLeastOneBatch, ReadMode mode)
    {
        if (Asked.LastFetchedEpoch >= 0 && Diverges(view, committedOnly)) return true;
        var upTo = committedOnly ? view.LastStableOffset : view.HighWatermark;
        var outcome = view.Locate(new Offset(Asked.FetchOffset), upTo, maxBytes, atLeastOneBatch, mode, out var slice);
        if (outcome == LocateOutcome.WouldWait) MustWaitForDisk = true;
        switch (outcome)
        {
            case LocateOutcome.OutOfRange:
                Fail(ErrorCode.OffsetOutOfRange);
                return true;
            case LocateOutcome.Damaged:
                Fail(ErrorCode.CorruptMessage);
                return true;
            case LocateOutcome.Stale:
                return false;
        }
        Result = Empty(view, committedOnly);
        if (outcome != LocateOutcome.Found) return true;
        Slice = slice;
        IsBehind = slice.SegmentBase < view.LastSegmentBase && upTo > view.LastSegmentBase;
        Result = Result with
        {
            RecordsLength = slice.Length,
            AbortedTransactions = committedOnly ? Aborted(view.AbortedIn(slice, new Offset(Asked.FetchOffset))) : null,
        };
        return true;
    }

    /// <summary>True when the reader followed another leader's log: it is told where the two part, or that nobody knows.</summary>
    bool Diverges(LogReadView view, bool committedOnly)
    {
        var end = view.Epochs.EndOf(new LeaderEpoch(Asked.LastFetchedEpoch), view.EndOffset);
        if (!end.Epoch.IsKnown)
        {
            Fail(ErrorCode.OffsetOutOfRange);
            return true;
        }
        if (end.Epoch.Value >= Asked.LastFetchedEpoch && end.End.Value >= Asked.FetchOffset) return false;
        Result = Empty(view, committedOnly) with { DivergingEpoch = (end.Epoch.Value, end.End.Value) };
        return true;
    }

    FetchResult Empty(LogReadView view, bool committedOnly) => new()
    {
        Index = Asked.Index,
        HighWatermark = view.HighWatermark.Value,
        LastStableOffset = view.LastStableOffset.Value,
        LogStartOffset = view.StartOffset.Value,
        AbortedTransactions = committedOnly ? [] : null,
    };

    void Fail(ErrorCode error) => Result = new FetchResult
    {
        Index = Asked.Index,
        ErrorCode = error,
        AbortedTransactions = error is ErrorCode.UnknownTopicOrPartition or ErrorCode.UnknownTopicId ? [] : null,
    };

    /// <summary>Too long: the client may ask for metadata and come back.</summary>
    public void GiveUpOpening() => Fail(ErrorCode.NotLeaderOrFollower);

    /// <summary>After an error that a client mends by going to another broker: which one.</summary>
    public void NameLeader(BrokerNode node)
    {
        if (LeaderView.HintFor(Result.ErrorCode, node, Topic, Asked.Index) is { } leader) Result = Result with { CurrentLeader = leader };
    }

    static Told[] Aborted(IReadOnlyList<LogAborted> aborted)
    {
        if (aborted.Count == 0) return [];
        var told = new Told[aborted.Count];
        for (int i = 0; i < told.Length; i++) told[i] = new(aborted[i].ProducerId, aborted[i].FirstOffset.Value);
        return told;
    }

    /// <summary>A session's client is told a partition again when there is data, an error, or a mark that moved.</summary>
    public bool HasNewsForSession =>
        Result.RecordsLength > 0 || IsError || Result.HighWatermark != ToldHighWatermark || Result.LogStartOffset != ToldLogStart;

    public void NoteTold()
    {
        ToldHighWatermark = Result.HighWatermark;
        ToldLogStart = Result.LogStartOffset;
    }

    /// <summary>From now on <see cref="OnNews"/> comes when the replica changes.</summary>
    public void Tie()
    {
        var replica = Topic?.Replica(Asked.Index);
        if (replica == _tiedTo) return;
        Untie();
        _tiedTo = replica;
        replica?.Waiters.Add(this);
    }

    public void Untie()
    {
        _tiedTo?.Waiters.Remove(this);
        _tiedTo = null;
    }

    /// <summary>Whether anything happened since the last <see cref="Read"/>; asked once more after tying, so that no news is lost.</summary>
    public bool HasChanged => _tiedTo is { } replica && (replica.View != _seen || replica.Standing != _seenStanding);

    protected override void OnNews() => Waiting?.OnNews();
}
