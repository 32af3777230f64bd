using AkkaStream.Actors;
using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Coordinators;

/// <summary>Questions of tools and of clients that look up offsets. Answers about what is written wait until it is committed.</summary>
sealed partial class CoordinatorActor
{
    void OnQuestion(GroupQuestion question)
    {
        if (_shard is { } known) _host.Refresh(known);
        switch (question)
        {
            case GetOffsets get: OnGetOffsets(get); break;
            case GetClassicGroups get: Tell(get.Groups, (shard, id) => shard.DescribeClassic(id, get.Version)); break;
            case GetConsumerGroups get: Tell(get.Groups, (shard, id) => shard.DescribeConsumer(id)); break;
            case GetGroupList get: OnGetList(get); break;
            case DeleteGroups delete: OnDelete(delete); break;
            case GetHistories get: Tell(get.Groups, (shard, id) => new HistoryOf(id, shard.Find(id)?.History.Events.ToArray())); break;
            case UndoReset undo: OnUndo(undo); break;
            default: Unhandled(question); break;
        }
    }

    void Tell<T>(string[] groups, Func<GroupShard, string, T> describe)
    {
        if (_shard is not { } shard) Reply(new Told<T[]>(Unavailable, []));
        else ReplyAtCommit(new Told<T[]>(ErrorCode.None, Array.ConvertAll(groups, id => describe(shard, id))), e => new Told<T[]>(e, []));
    }

    void OnGetOffsets(GetOffsets get)
    {
        if (_shard is not { } shard)
        {
            Reply(new Told<OffsetFetchResponseGroup[]>(Unavailable, []));
            return;
        }
        var found = Array.ConvertAll(get.Groups, group => shard.FetchOffsets(group, get.RequireStable));
        ReplyAtCommit(
            new Told<OffsetFetchResponseGroup[]>(ErrorCode.None, found), error => new Told<OffsetFetchResponseGroup[]>(error, []));
    }

    void OnGetList(GetGroupList get)
    {
        // Groups of other brokers are no business of this one; those that are still being read are.
        if (_shard is { } shard) Reply(new Told<ListGroupsResponseGroup[]>(ErrorCode.None, [.. shard.List(get.States, get.Types)]));
        else Reply(new Told<ListGroupsResponseGroup[]>(_post.Leads is null ? ErrorCode.None : Unavailable, []));
    }

    void OnDelete(DeleteGroups delete)
    {
        if (_shard is not { } shard)
        {
            Reply(new Told<IReadOnlyDictionary<string, ErrorCode>>(Unavailable, new Dictionary<string, ErrorCode>()));
            return;
        }
        var (decision, outcomes) = shard.DeleteGroups(delete.Groups, _host.Now());
        var error = Refusals.OfAppend(Carry(decision, caller: null));
        var told = new Told<IReadOnlyDictionary<string, ErrorCode>>(error, outcomes);
        if (error != ErrorCode.None) Reply(told);
        else ReplyAtCommit(told, failure => new Told<IReadOnlyDictionary<string, ErrorCode>>(failure, outcomes));
    }

    void OnUndo(UndoReset undo)
    {
        if (_shard is not { } shard)
        {
            Reply(new Undone(new GroupError(Unavailable), []));
            return;
        }
        var (decision, error, changes) = shard.UndoReset(undo.Group, undo.DryRun, _host.Now());
        var refused = Refusals.OfAppend(Carry(decision, caller: null), isCommit: true);
        if (refused != ErrorCode.None) Reply(new Undone(new GroupError(refused), []));
        else ReplyAtCommit(new Undone(error, changes), failure => new Undone(new GroupError(failure), []));
    }

    void ReplyAtCommit(object answer, Func<ErrorCode, object> refused)
    {
        if (MustWait(atCommit: true)) _waiting.Enqueue(WaitingAnswer.Of(NewestBatch, DeferReply(), answer, refused));
        else Reply(answer);
    }
}

/// <summary>What happened to a group; null when there is none.</summary>
sealed record HistoryOf(string GroupId, GroupEvent[]? Events);

/// <summary>An answer that leaves when a batch is committed.</summary>
readonly struct WaitingAnswer
{
    readonly GroupCall? _call;
    readonly ReplyTo _replyTo;
    readonly object _answer;
    readonly Func<ErrorCode, object>? _refused;

    WaitingAnswer(long batch, GroupCall? call, ReplyTo replyTo, object answer, Func<ErrorCode, object>? refused)
    {
        Batch = batch;
        _call = call;
        _replyTo = replyTo;
        _answer = answer;
        _refused = refused;
    }

    public long Batch { get; }

    public static WaitingAnswer Of(long batch, GroupCall call, IMessage response) => new(batch, call, default, response, null);

    public static WaitingAnswer Of(long batch, ReplyTo replyTo, object answer, Func<ErrorCode, object> refused) =>
        new(batch, null, replyTo, answer, refused);

    public void Send()
    {
        if (_call is not null) _call.Answer((IMessage)_answer);
        else _replyTo.Tell(_answer);
    }

    public void Refuse(ErrorCode error)
    {
        if (_call is not null) _call.Answer(Refusals.Of(_call.Request, _call.Version, error));
        else if (_refused is not null) _replyTo.Tell(_refused(error));
    }
}
