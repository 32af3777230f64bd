namespace AkkaStream.Log;

/// <summary>The offsets that say what readers may see, and where the leaders changed.</summary>
public sealed partial class PartitionLog
{
    /// <summary>Forward only, and never beyond the end: consumers have already read up to it.</summary>
    public void AdvanceHighWatermark(Offset to)
    {
        long target = Math.Min(to.Value, _end);
        if (target <= _highWatermark) return;
        MoveHighWatermark(target);
        Publish();
    }

    /// <summary>
    /// Everything below goes, for DeleteRecords or because the leader's log begins there. Durable when it returns, as deleted records
    /// must not come back: it waits for the disk. At most up to the high watermark.
    /// </summary>
    public void AdvanceLogStart(Offset to)
    {
        PersistLogStart(to);
        FollowLogStart(to);
    }

    /// <summary>
    /// The half of <see cref="AdvanceLogStart"/> that waits for the disk, on any thread, one call at a time; <see cref="FollowLogStart"/>
    /// comes after it, in a turn. What is between them is not deleted for readers, and will be after a restart.
    /// </summary>
    public void PersistLogStart(Offset to) => _directory.PersistLogStart(Name, to);

    public void FollowLogStart(Offset to)
    {
        if (to.Value <= _start) return;
        Bug.Assert(to.Value <= _highWatermark);
        MoveStart(to.Value);
        Publish();
    }

    /// <summary>
    /// A leader begins its epoch here, even before its first append. Nothing happens when the epoch is known. Throws when the disk fails.
    /// </summary>
    public void BeginLeaderEpoch(LeaderEpoch epoch)
    {
        if (epoch <= _epochs.Latest) return;
        WriteEpochs(_epochs.Assign(epoch, new Offset(_end)));
        LogTrace.EpochBegins(_directory.Log, Name.DirectoryName, epoch.Value, _end);
        Publish();
    }

    /// <summary>For OffsetForLeaderEpoch and diverging fetches. On any thread use the view's epochs.</summary>
    public EpochEnd EndOffsetForEpoch(LeaderEpoch asked) => _epochs.EndOf(asked, new Offset(_end));

    void MoveHighWatermark(long to)
    {
        _highWatermark = to;
        _producers.Transactions.OnHighWatermark(to);
    }

    void MoveStart(long to)
    {
        _start = to;
        var epochs = _epochs.CutStart(new Offset(to));
        if (epochs == _epochs) return;
        _epochs = epochs;
        try
        {
            WriteEpochs(epochs);
        }
        catch (IOException)
        {
            // An older file is as good: what lies below the start is cut again when it is read.
        }
    }
}
