using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Store;

/// <summary>When the embedded store takes a snapshot and how it cuts its log.</summary>
public sealed record MetadataLogSettings
{
    /// <summary>metadata.log.max.record.bytes.between.snapshots</summary>
    public long SnapshotAfterBytes { get; init; } = 20 * 1024 * 1024;

    /// <summary>metadata.log.segment.bytes; also the largest batch, and so the largest change, that can be written.</summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;
}

/// <summary>
/// The embedded store's core: a log of batches and its snapshots in one directory of the first log directory. Plain and
/// synchronous; it waits for the disk, so it is used by one thread that may wait (<see cref="EmbeddedStoreActor"/>). What
/// <see cref="Flush"/> has covered survives everything but the loss of the disk.
/// </summary>
/// <remarks>
/// A snapshot never replaces the only other way to the state: two are kept, and the log from the older one on, so that a
/// damaged newest snapshot costs nothing. See docs/formats/metadata-store.md.
/// </remarks>
sealed unsafe partial class MetadataLog
{
    public static readonly PartitionName Name = new("__akkastream_metadata", 0);

    const int SnapshotsKept = 2;

    readonly ILogFiles _files;
    readonly string _path;
    readonly MetadataLogSettings _settings;
    readonly PartitionLog _log;
    ControllerEpoch _epoch = ControllerEpoch.None;
    long _bytesSinceSnapshot;

    MetadataLog(ILogFiles files, string path, MetadataLogSettings settings, PartitionLog log)
    {
        _files = files;
        _path = path;
        _settings = settings;
        _log = log;
    }

    /// <summary>Of the last record that was written, committed or not.</summary>
    public MetadataRevision End => new(_log.EndOffset.Value - 1);

    /// <summary>Of the last record that is durable.</summary>
    public MetadataRevision Committed => new(_log.HighWatermark.Value - 1);

    public ControllerEpoch Epoch => _epoch;

    public bool SnapshotIsDue => _bytesSinceSnapshot >= _settings.SnapshotAfterBytes;

    /// <summary>A new controller. Its epoch is above every one that this store has seen, and durable before this returns.</summary>
    public ControllerEpoch Claim()
    {
        int highest = Math.Max(0, _log.HighestEpoch.Value);
        foreach (SnapshotId snapshot in SnapshotId.List(_files, _path)) highest = Math.Max(highest, snapshot.Epoch.Value);
        var next = new ControllerEpoch(highest + 1);
        _log.BeginLeaderEpoch(new LeaderEpoch(next.Value));
        if (Flush() is { } problem) throw new IOException(problem);
        return _epoch = next;
    }

    /// <summary>Into the page cache: the records count from the next <see cref="Flush"/> on.</summary>
    public AppendVerdict Append(MetadataAppend append, long nowMs, out string? reason)
    {
        reason = _log.OfflineReason;
        if (reason is not null) return AppendVerdict.Offline;
        if (append.Epoch != _epoch)
        {
            reason = $"the controller of epoch {append.Epoch} was followed by that of epoch {_epoch}";
            return AppendVerdict.StaleEpoch;
        }

        if (append.Expected != End)
        {
            reason = $"it was decided after revision {append.Expected}, and the store is at {End}";
            return AppendVerdict.WrongRevision;
        }

        byte[] bytes = MetadataBatches.Encode(append.Records, append.Epoch, nowMs);
        return Append(bytes, nowMs, out reason);
    }

    AppendVerdict Append(byte[] bytes, long nowMs, out string? reason)
    {
        reason = null;
        fixed (byte* pointer = bytes)
        {
            ProducedBatch batch = BatchValidator.Describe(pointer, bytes.Length, BatchOrigin.Coordinator);
            _log.AppendAsLeader(new Span<ProducedBatch>(ref batch), new LeaderEpoch(_epoch.Value), nowMs);
            if (batch.Error == ErrorCode.None)
            {
                _bytesSinceSnapshot += bytes.Length;
                return AppendVerdict.Committed;
            }

            reason = _log.OfflineReason ?? $"{batch.Fault} ({bytes.Length} bytes)";
            return batch.Error == ErrorCode.RecordListTooLarge ? AppendVerdict.TooLarge
                : _log.OfflineReason is null ? AppendVerdict.NoSpace
                : AppendVerdict.Offline;
        }
    }

    /// <summary>Waits for the disk; everything written before counts then. Otherwise says why nothing more will.</summary>
    public string? Flush()
    {
        if (_log.OfflineReason is { } offline) return offline;
        if (_log.BeginFlush() is { } flush)
        {
            flush.Run();
            _log.CompleteFlush(flush);
            if (_log.OfflineReason is { } failure) return failure;
        }

        _log.AdvanceHighWatermark(_log.RecoveryPoint);
        return null;
    }

    /// <summary>
    /// The image as a file, and room made behind the snapshot before it. A disk that is full only puts it off. The image
    /// is committed.
    /// </summary>
    /// <returns>Why it was put off, or null.</returns>
    public string? TakeSnapshot(MetadataImage image, long nowMs)
    {
        var id = new SnapshotId(image.Revision.Value + 1, _epoch);
        try
        {
            _files.WriteAtomically(PathOf(id), MetadataSnapshot.Write(image, _epoch, nowMs).Span, durable: true);
            _bytesSinceSnapshot = 0;
            IReadOnlyList<SnapshotId> all = SnapshotId.List(_files, _path);
            foreach (SnapshotId old in all.Skip(SnapshotsKept)) _files.DeleteFile(PathOf(old));
            if (all.Count < SnapshotsKept) return null;
            _log.AdvanceLogStart(new Offset(all[SnapshotsKept - 1].EndOffset));
            _log.ApplyRetention(nowMs);
            _log.UnlinkDeleted(long.MaxValue);
            return null;
        }
        catch (IOException e)
        {
            return e.Message;
        }
    }

    public void Close(bool clean) => _log.Close(clean);

    string PathOf(SnapshotId id) => Path.Combine(_path, id.FileName);
}
