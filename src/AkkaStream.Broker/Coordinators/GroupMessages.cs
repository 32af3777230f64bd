using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Coordinators;

/// <summary>From the metadata: this broker leads the partition in this epoch, and with it its groups.</summary>
sealed record TakeOver(LocalReplica Replica, LeaderEpoch Epoch);

/// <summary>From the metadata: another broker leads, or nobody does.</summary>
sealed record Resign
{
    public static readonly Resign Instance = new();
}

/// <summary>From the metadata: what was committed for these topics goes.</summary>
sealed record TopicsDeleted(IReadOnlyCollection<string> Topics);

/// <summary>Questions of handlers; each is answered with <see cref="Told{T}"/>.</summary>
abstract record GroupQuestion;

sealed record GetOffsets(OffsetFetchRequestGroup[] Groups, bool RequireStable) : GroupQuestion;

sealed record GetClassicGroups(string[] Groups, short Version) : GroupQuestion;

sealed record GetConsumerGroups(string[] Groups) : GroupQuestion;

sealed record GetGroupList(string[] States, string[] Types) : GroupQuestion;

sealed record GetHistories(string[] Groups) : GroupQuestion;

sealed record UndoReset(string Group, bool DryRun) : GroupQuestion;

/// <summary>What was undone, or would be.</summary>
sealed record Undone(GroupError Error, IReadOnlyList<OffsetChange> Changes);

sealed record DeleteGroups(string[] Groups) : GroupQuestion;

/// <summary>An answer, or why there is none: the coordinator is loading, elsewhere, or could not write.</summary>
sealed record Told<T>(ErrorCode Error, T Value);

// What the actor tells itself.
sealed record Loaded(GroupShard Shard, LeaderEpoch Epoch, ReplayOutcome Outcome);

sealed record FlushDue
{
    public static readonly FlushDue Instance = new();
}

sealed record TimeDue
{
    public static readonly TimeDue Instance = new();
}
