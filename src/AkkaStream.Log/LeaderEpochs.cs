namespace AkkaStream.Log;

/// <summary>The first offset that a leader of this epoch gave.</summary>
public readonly record struct EpochStart(LeaderEpoch Epoch, Offset Start);

/// <summary>
/// Which leader epoch each stretch of the log was written under: how a follower finds where its log and the leader's part. Immutable: a
/// change is a new table, so readers share it through the view. Epochs and starts both rise.
/// </summary>
public sealed class LeaderEpochs
{
    public static readonly LeaderEpochs None = new([]);

    readonly EpochStart[] _entries;

    public LeaderEpochs(EpochStart[] entries) => _entries = entries;

    public ReadOnlySpan<EpochStart> Entries => _entries;

    public LeaderEpoch Latest => _entries.Length == 0 ? LeaderEpoch.Unknown : _entries[^1].Epoch;

    /// <summary>The same table when the epoch is known already. Entries that contradict the new one go: it is newer than they.</summary>
    public LeaderEpochs Assign(LeaderEpoch epoch, Offset start)
    {
        if (_entries.Length > 0 && _entries[^1].Epoch == epoch && start >= _entries[^1].Start) return this;
        int kept = _entries.Length;
        while (kept > 0 && (_entries[kept - 1].Epoch >= epoch || _entries[kept - 1].Start >= start)) kept--;
        return new LeaderEpochs([.. _entries.AsSpan(0, kept), new EpochStart(epoch, start)]);
    }

    /// <summary>The log ends at <paramref name="end"/> now: what began there or later did not happen.</summary>
    public LeaderEpochs CutEnd(Offset end)
    {
        int kept = _entries.Length;
        while (kept > 0 && _entries[kept - 1].Start >= end) kept--;
        return kept == _entries.Length ? this : new LeaderEpochs(_entries[..kept]);
    }

    /// <summary>The log begins at <paramref name="start"/> now: the epoch that was current there begins there too.</summary>
    public LeaderEpochs CutStart(Offset start)
    {
        int gone = 0;
        while (gone < _entries.Length && _entries[gone].Start <= start) gone++;
        if (gone == 0 || (gone == 1 && _entries[0].Start == start)) return this;
        EpochStart[] rest = _entries[(gone - 1)..];
        rest[0] = rest[0] with { Start = start };
        return new LeaderEpochs(rest);
    }

    /// <summary>The epoch of the record at this offset.</summary>
    public LeaderEpoch EpochAt(Offset offset)
    {
        for (int i = _entries.Length - 1; i >= 0; i--)
            if (_entries[i].Start <= offset) return _entries[i].Epoch;
        return LeaderEpoch.Unknown;
    }

    /// <summary>
    /// Kafka's answer to OffsetForLeaderEpoch: the largest known epoch not above the asked one, and where it ended. Unknown both for an
    /// epoch above all that are known; for one below all, the asked epoch itself ends where the first begins.
    /// </summary>
    public EpochEnd EndOf(LeaderEpoch asked, Offset logEnd)
    {
        if (asked == LeaderEpoch.Unknown || asked > Latest) return EpochEnd.Unknown;
        if (asked == Latest) return new EpochEnd(asked, logEnd);
        int higher = 0;
        while (_entries[higher].Epoch <= asked) higher++;
        return new EpochEnd(higher == 0 ? asked : _entries[higher - 1].Epoch, _entries[higher].Start);
    }
}

/// <summary>An epoch and the offset behind its last record.</summary>
public readonly record struct EpochEnd(LeaderEpoch Epoch, Offset End)
{
    public static readonly EpochEnd Unknown = new(LeaderEpoch.Unknown, Offset.Unknown);
}
