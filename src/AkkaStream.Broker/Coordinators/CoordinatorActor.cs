using AkkaStream.Actors;
using AkkaStream.Actors.Timers;
using AkkaStream.Coordinators;
using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Coordinators;

/// <summary>
/// The shell around the groups of one partition of __consumer_offsets: loads them from its log, puts calls and deadlines to the pure shard,
/// appends what that decides, and answers when it is committed. Should an append fail all the same, it forgets and loads again.
/// </summary>
sealed partial class CoordinatorActor : UntypedActor
{
    static readonly TimeSpan LoadRetry = TimeSpan.FromSeconds(5);

    readonly GroupCoordinators _host;
    readonly int _partition;
    readonly CoordinatorPost _post;
    readonly Queue<WaitingAnswer> _waiting = new();
    readonly DueNode _due = new();
    GroupShard? _shard;
    PartitionJournal? _journal;
    bool _flushQueued;
    long _armedFor = long.MaxValue;

    public CoordinatorActor(GroupCoordinators host, int partition, CoordinatorPost post)
    {
        _host = host;
        _partition = partition;
        _post = post;
    }

    protected override void PreStart() => _due.Actor = Self;

    protected override void PostRestart(Exception reason)
    {
        PreStart();
        if (_post.Leads is not null) BeginLoading();
    }

    protected override void PreRestart(Exception reason, object? message)
    {
        Forget(ErrorCode.CoordinatorNotAvailable);
        base.PreRestart(reason, message);
    }

    protected override void PostStop() => Forget(ErrorCode.NotCoordinator);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case GroupCall call: OnCall(call); break;
            case JournalBatch batch: OnOutcome(batch); break;
            case FlushDue: OnFlush(); break;
            case TimeDue: OnTime(); break;
            case GroupQuestion question: OnQuestion(question); break;
            case TopicsDeleted deleted: OnTopicsDeleted(deleted.Topics); break;
            case TakeOver lead: OnTakeOver(lead); break;
            case Resign: OnResign(); break;
            case ReplicaOpened opened: OnOpened(opened); break;
            case Loaded loaded: OnLoaded(loaded); break;
            case LoadAgain: if (_shard is null && _post.Leads is not null) BeginLoading(); break;
            default: Unhandled(message); break;
        }
        Arm();
    }

    ErrorCode Unavailable => _post.Leads is null ? ErrorCode.NotCoordinator : ErrorCode.CoordinatorLoadInProgress;

    void OnCall(GroupCall call)
    {
        if (_shard is not { } shard)
        {
            call.Answer(Refusals.Of(call.Request, call.Version, Unavailable));
            return;
        }
        try
        {
            _host.Refresh(shard);
            Carry(shard.Handle(call, _host.Now()), call);
        }
        catch (Exception)
        {
            // Our own mistake: this caller is told, the others find a coordinator that starts anew from its log.
            if (!call.IsDone) call.Answer(Refusals.Of(call.Request, call.Version, ErrorCode.UnknownServerError));
            throw;
        }
    }

    /// <summary>Appends, applies, and sends the answers that may go. What the append was refused for, or None.</summary>
    ErrorCode Carry(Decision decision, GroupCall? caller)
    {
        var error = ErrorCode.None;
        if (decision.Records.Count > 0 && _journal is { } journal && _shard is { } shard)
        {
            error = journal.Add(decision);
            if (error == ErrorCode.None) shard.Apply(decision);
            else
            {
                BrokerTrace.GroupRecordsRefused(_host.Log, _partition, decision.Records.Count, ErrorCodes.NameOf(error));
                shard.Refuse(decision, error);
            }
            if (!_flushQueued && journal.HasOpen)
            {
                _flushQueued = true;
                Self.Tell(FlushDue.Instance, null);
            }
        }
        Answer(decision, caller);
        foreach (var news in decision.Events) GroupNews.Tell(_host.Log, news);
        return error;
    }

    void Answer(Decision decision, GroupCall? caller)
    {
        // The answer ends the caller's request; what is told before it is told while the request stands.
        if (caller is not null && !AnswersNow(decision, caller)) caller.FixOrder();
        foreach (var answer in decision.Answers)
        {
            var call = (GroupCall)answer.Call;
            if (MustWait(answer.AtCommit)) _waiting.Enqueue(WaitingAnswer.Of(NewestBatch, call, answer.Response));
            else call.Answer(answer.Response);
        }
    }

    bool AnswersNow(Decision decision, GroupCall caller)
    {
        foreach (var answer in decision.Answers)
        {
            if (answer.Call == caller) return !MustWait(answer.AtCommit);
        }
        return false;
    }

    long NewestBatch => _journal?.Newest ?? 0;

    bool MustWait(bool atCommit) => atCommit && _journal is { } journal && journal.Committed < journal.Newest;

    void OnFlush()
    {
        _flushQueued = false;
        _journal?.Flush(_host.Now().UptimeMs);
    }

    void OnOutcome(JournalBatch batch)
    {
        if (batch.Journal != _journal) return;
        var error = _journal.Settle(batch);
        if (error != ErrorCode.None)
        {
            BrokerTrace.GroupAppendFailed(_host.Log, _partition, ErrorCodes.NameOf(error));
            Forget(Refusals.OfAppend(error));
            if (_post.Leads is not null) BeginLoading();
            return;
        }
        while (_waiting.TryPeek(out var first) && first.Batch <= _journal.Committed) _waiting.Dequeue().Send();
    }

    void OnTime()
    {
        _armedFor = long.MaxValue;
        if (_shard is not { } shard) return;
        _host.Refresh(shard);
        while (_shard is not null && shard.OnTime(_host.Now()) is { } decision) Carry(decision, caller: null);
        GiveUpOnOld();
    }

    /// <summary>What was appended may still be committed; whoever waits is told to ask again.</summary>
    void GiveUpOnOld()
    {
        if (_journal?.OldestSentAt is not { } sentAt || _host.Now().UptimeMs - sentAt < _host.Settings.CommitTimeoutMs) return;
        while (_waiting.TryDequeue(out var waiting)) waiting.Refuse(Refusals.OfAppend(ErrorCode.RequestTimedOut));
    }

    void OnTopicsDeleted(IReadOnlyCollection<string> topics)
    {
        if (_shard is not { } shard) return;
        _host.Refresh(shard);
        Carry(shard.OnTopicsDeleted(topics, _host.Now()), caller: null);
    }

    /// <summary>The one timer: for the next deadline of a group, or for a batch that is not committed in time.</summary>
    void Arm()
    {
        if (_shard is null) return;
        long next = _shard.NextDeadline;
        if (_waiting.Count > 0 && _journal?.OldestSentAt is { } sentAt) next = Math.Min(next, sentAt + _host.Settings.CommitTimeoutMs);
        if (next >= _armedFor) return;
        _armedFor = next;
        long wait = next - _host.Now().UptimeMs;
        // What is due already need not go round by the clock: a rebalance without delay is one of these.
        if (wait <= 0) Self.Tell(TimeDue.Instance, null);
        else _host.Timers.Schedule(_due, TimeSpan.FromMilliseconds(wait));
    }

    /// <summary>Whoever waits is told why; nothing of the groups is known from here on.</summary>
    void Forget(ErrorCode error)
    {
        while (_waiting.TryDequeue(out var waiting)) waiting.Refuse(error);
        if (_shard is { } shard)
        {
            foreach (var call in shard.TakeWaiting()) ((GroupCall)call).Answer(Refusals.Of(call.Request, call.Version, error));
        }
        _shard = null;
        _journal = null;
        _flushQueued = false;
        _host.Timers.Cancel(_due);
        _armedFor = long.MaxValue;
    }

    sealed class DueNode : TimerNode
    {
        public IActorRef? Actor { get; set; }

        protected override void OnDue() => Actor?.Tell(TimeDue.Instance, null);
    }

    sealed record LoadAgain
    {
        public static readonly LoadAgain Instance = new();
    }
}
