using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Cluster.Store;

/// <summary>Opening: the newest snapshot that is whole, and the log behind it. Refuses where anything committed may be missing.</summary>
sealed unsafe partial class MetadataLog
{
    const int ReadBytes = 1024 * 1024;

    /// <summary>Whether there is such a store in the directory at all.</summary>
    public static bool Exists(LogDirectory directory, ILogFiles files) => files.DirectoryExists(directory.PathOf(Name));

    /// <exception cref="LogDamagedException">What is stored cannot be trusted; says what and where, and the cure.</exception>
    public static (MetadataLog Log, MetadataImage Image) Open(
        LogDirectory directory, ILogFiles files, MetadataLogSettings settings, long nowMs)
    {
        if (!Exists(directory, files))
        {
            directory.CreatePartition(Name, TopicId.ClusterMetadata.ToString());
            directory.SyncNames();
        }
        var config = new LogConfig { SegmentBytes = settings.SegmentBytes, SegmentMs = long.MaxValue, RetentionMs = -1 };
        PartitionLog partition = PartitionLog.Open(directory, Name, config, LogOpenOptions.After(directory, Name, nowMs));
        try
        {
            var log = new MetadataLog(files, directory.PathOf(Name), settings, partition);
            MetadataImage image = log.Load();

            // What was found counts from now on, so it must not be lost by a crash that comes next.
            return log.Flush() is { } problem ? throw new IOException(problem) : (log, image);
        }
        catch
        {
            partition.Close(clean: false);
            throw;
        }
    }

    /// <summary>Everything that was written. Reads the disk: for the start, and for those few who come later.</summary>
    public MetadataImage Load()
    {
        _bytesSinceSnapshot = 0;
        var problems = new List<string>();
        foreach (SnapshotId id in SnapshotId.List(_files, _path))
        {
            byte[]? content = _files.ReadAll(PathOf(id));
            if (content is null) continue;
            MetadataImage? image = MetadataSnapshot.Read(content, id, out long position, out string? problem);
            if (image is not null && id.EndOffset > _log.EndOffset.Value)
                throw Damaged(_log.EndOffset, $"The log ends at {_log.EndOffset}, but {id.FileName} was taken at {id.EndOffset}: " +
                    "the log has lost records that were committed.");
            if (image is not null && id.EndOffset >= _log.StartOffset.Value) return Replay(image, new Offset(id.EndOffset));
            problems.Add($"{id.FileName}, byte {position}: {problem ?? "the log does not reach back to it."}");
        }

        if (_log.StartOffset > Offset.Zero)
            throw Damaged(_log.StartOffset, $"The log begins at {_log.StartOffset}, and no snapshot holds what was before: " +
                (problems.Count == 0 ? "there is none." : string.Join(" ", problems)));
        return Replay(MetadataImage.Empty, Offset.Zero);
    }

    MetadataImage Replay(MetadataImage start, Offset from)
    {
        var replay = new MetadataReplay(start);
        try
        {
            ReadLog(from, replay);
            return replay.Build(End);
        }
        catch (MetadataRecordException e)
        {
            throw Damaged(new Offset(replay.LastOffset), $"The record does not fit to those before it: {e.Message}.");
        }
    }

    void ReadLog(Offset at, MetadataReplay replay)
    {
        LogReadView view = _log.View;
        byte[] buffer = new byte[ReadBytes];
        while (at < view.EndOffset)
        {
            LocateOutcome outcome = view.Locate(at, view.EndOffset, buffer.Length, atLeastOneBatch: true, ReadMode.MayWait, out LogSlice slice);
            if (outcome != LocateOutcome.Found || !slice.TryLease(out FileLease lease))
                throw Damaged(at, $"The log cannot be read there: {outcome}.");
            using (lease)
            {
                if (slice.Length > buffer.Length) buffer = new byte[slice.Length];
                int read = lease.File.Read(buffer.AsSpan(0, slice.Length), slice.Position);
                at = ReadBatches(buffer.AsSpan(0, read), at, replay);
            }
        }
    }

    /// <summary>The whole batches of the bytes; the last one may be cut off, and comes whole with the next bytes.</summary>
    Offset ReadBatches(ReadOnlySpan<byte> bytes, Offset at, MetadataReplay replay)
    {
        Offset start = at;
        while (bytes.Length >= RecordBatch.HeaderLength)
        {
            long size = MetadataBatches.SizeOf(bytes, out string? problem);
            if (problem is null && size > bytes.Length) break;
            var batch = new RecordBatch(bytes);
            if (problem is null && batch.BaseOffset != at.Value) problem = $"the batch begins at offset {batch.BaseOffset}.";
            problem ??= MetadataBatches.Read(bytes[..(int)size], replay);
            if (problem is not null) throw Damaged(at, $"The log is damaged there: {problem}");
            at = new Offset(batch.NextOffset);
            _bytesSinceSnapshot += size;
            bytes = bytes[(int)size..];
        }

        return at > start ? at : throw Damaged(at, "The log is damaged there: a batch is not there in full.");
    }

    LogDamagedException Damaged(Offset at, string what) => new(_path, at.Value, $"(offset) {what}",
        "Restore the directory from a backup. To give up what cannot be read and keep the rest, move it away and import the topics anew.");
}
