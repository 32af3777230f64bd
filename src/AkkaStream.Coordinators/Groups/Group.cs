using AkkaStream.Coordinators.Offsets;
using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups;

public enum GroupType : byte
{
    Classic,
    Consumer,
}

/// <summary>What is kept under a group's id, whichever protocol the group speaks at the time.</summary>
public sealed class GroupFile
{
    public OffsetTable Offsets { get; } = new();
    public GroupHistory History { get; } = new();
}

/// <summary>What all kinds of groups have: an id, committed offsets, a history, and rules of who may touch the offsets.</summary>
public abstract class Group(string id, GroupFile file)
{
    public string Id => id;
    public OffsetTable Offsets => file.Offsets;
    public GroupHistory History => file.History;
    internal GroupFile File => file;

    public abstract GroupType Type { get; }

    /// <summary>As tools print it.</summary>
    public abstract string StateName { get; }

    /// <summary>"consumer", "connect" or whatever members call it; empty for groups that only hold offsets.</summary>
    public abstract string ProtocolType { get; }

    public abstract int MemberCount { get; }

    /// <summary>Without members, so that offsets may be set from outside and the group may be deleted.</summary>
    public abstract bool IsEmpty { get; }

    internal virtual void TakeWaiting(List<CoordinatorCall> into)
    {
    }

    /// <summary>May be forgotten once it holds no offsets: nobody is about to come.</summary>
    internal virtual bool MayVanish => true;

    internal abstract OffsetExpiry OffsetExpiry { get; }

    internal abstract bool IsSubscribedTo(string topic);

    /// <param name="partitions">What is to be committed, should it depend on that.</param>
    internal abstract GroupError CheckCommit(
        string memberId, string? instanceId, int generationOrEpoch, bool isTransactional, short version, IEnumerable<(TopicId, int)> partitions);

    internal abstract ErrorCode CheckFetch(string? memberId, int memberEpoch);

    internal abstract ErrorCode CheckDeleteOffsets();

    /// <summary>Nothing may come of its deadlines any more.</summary>
    internal abstract void CancelDeadlines();

    internal abstract void WriteTombstones(Decision decision);

    internal void Note(GroupEvent news, Decision decision)
    {
        History.Add(news);
        decision.Tell(news);
    }
}
