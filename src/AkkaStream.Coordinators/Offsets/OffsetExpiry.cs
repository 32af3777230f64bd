namespace AkkaStream.Coordinators.Offsets;

/// <summary>From when on the retention of a group's offsets counts; the group's state decides.</summary>
public enum OffsetExpiryRule : byte
{
    /// <summary>Nothing expires.</summary>
    Never,

    /// <summary>From the commit: a live group's offsets of topics that nobody reads, and clients without a group protocol.</summary>
    FromCommit,

    /// <summary>From the moment in which the group lost its last member.</summary>
    FromEmpty,
}

/// <param name="Rule">Which of the three.</param>
/// <param name="EmptySinceMs">For <see cref="OffsetExpiryRule.FromEmpty"/>; -1 where old records did not say, then the commit counts.</param>
public readonly record struct OffsetExpiry(OffsetExpiryRule Rule, long EmptySinceMs = -1)
{
    public bool HasExpired(in CommittedOffset offset, long nowMs, long retentionMs)
    {
        if (Rule == OffsetExpiryRule.Never) return false;
        if (offset.ExpireMs >= 0) return nowMs >= offset.ExpireMs;
        long from = Rule == OffsetExpiryRule.FromEmpty && EmptySinceMs >= 0 ? EmptySinceMs : offset.CommitMs;
        return nowMs - from >= retentionMs;
    }
}
