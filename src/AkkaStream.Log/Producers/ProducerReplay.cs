using System.Buffers;
using AkkaStream.Log.Files;
using AkkaStream.Log.Indexes;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Producers;

/// <summary>
/// Rebuilds the producer table from disk, at start and after a truncation: the newest good snapshot, then the heads of the batches behind
/// it. Waits for the disk.
/// </summary>
sealed class ProducerReplay(LogDirectory directory, string path, IReadOnlyList<Segment> segments, OffsetSet snapshots)
{
    const int ScanBytes = 16 * 1024;

    public required long NowMs { get; init; }
    public required long ExpirationMs { get; init; }

    /// <summary>The transaction indexes are not believed from this offset on: aborted transactions that end there are gathered again.</summary>
    public long IndexFrom { get; init; } = long.MaxValue;

    /// <summary>Those found, in the order of their markers.</summary>
    public List<AbortedTransaction> Aborted { get; } = [];

    /// <summary>The state at the log's end. Snapshots that cannot be read are deleted on the way.</summary>
    public ProducerTable Load(long end)
    {
        var table = FromSnapshot(end);

        // A snapshot may be newer than where the transaction indexes stop. What happened in between is told by an older one; the newer
        // one stays the better start for the state, as it also knows producers whose records are gone.
        if (IndexFrom < table.MapEnd)
        {
            long upTo = table.MapEnd;
            Replay(FromSnapshot(IndexFrom), upTo);
            table = FromSnapshot(end);
        }
        Replay(table, end);
        table.MapEnd = end;
        return table;
    }

    ProducerTable FromSnapshot(long upTo)
    {
        var table = new ProducerTable { MapEnd = segments[0].BaseOffset };

        // What happened between an older snapshot and the first batch there is, nobody can tell: rather nothing is known than something false.
        long[] candidates = snapshots.UpTo(upTo);
        for (int i = candidates.Length - 1; i >= 0 && candidates[i] >= table.MapEnd; i--)
        {
            long offset = candidates[i];
            string file = Path.Combine(path, LogFileName.Of(offset, LogFileName.ProducerSnapshot));
            string? problem = "it is gone";
            var states = directory.Disk.ReadAll(file) is { } content ? ProducerSnapshot.Parse(content, out problem) : null;
            if (states != null)
            {
                table.Load(states, offset, NowMs, ExpirationMs);
                break;
            }
            LogTrace.SnapshotUnusable(directory.Log, file, problem ?? "it cannot be read");
            directory.Disk.DeleteFile(file);
            snapshots.Remove(offset);
        }
        return table;
    }

    void Replay(ProducerTable table, long upTo)
    {
        for (int i = 0; i < segments.Count; i++)
        {
            bool isBefore = i + 1 < segments.Count && segments[i + 1].BaseOffset <= table.MapEnd;
            if (!isBefore && segments[i].BaseOffset < upTo && segments[i].Size > 0) Replay(table, segments[i], upTo);
        }
    }

    void Replay(ProducerTable table, Segment segment, long upTo)
    {
        byte[] buffer = ArrayPool<byte>.Shared.Rent(ScanBytes);
        try
        {
            using var lease = segment.LogFile.Lease();
            int from = segment.FloorPosition(table.MapEnd, segment.Size, lease.File, buffer);
            var scanner = new BatchScanner(lease.File, from, segment.Size, buffer);
            while (scanner.Next(out var header) == ScanResult.Batch && header.BaseOffset < upTo)
            {
                if (header.LastOffset < table.MapEnd) continue;
                if (!header.IsControl) table.Replay(header);
                else ReplayControl(table, lease.File, header);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    void ReplayControl(ProducerTable table, ILogFile file, in BatchHeader header)
    {
        if (!TryReadMarker(file, header, out var marker, out int coordinatorEpoch, out long timestamp))
        {
            table.Replay(header);
            return;
        }
        var closed = table.ReplayMarker(header, marker, coordinatorEpoch, timestamp);
        if (closed is { Aborted: true } aborted && header.BaseOffset >= IndexFrom
            && (Aborted.Count == 0 || Aborted[^1].LastOffset.Value < aborted.Last))
            Aborted.Add(new AbortedTransaction(
                aborted.ProducerId, new Offset(aborted.First), new Offset(aborted.Last), new Offset(aborted.LastStable)));
    }

    /// <summary>False for control batches of other kinds, and for those that compaction has emptied.</summary>
    static bool TryReadMarker(
        ILogFile file, in BatchHeader header, out ControlRecordType marker, out int coordinatorEpoch, out long timestamp)
    {
        marker = ControlRecordType.Unknown;
        coordinatorEpoch = 0;
        timestamp = 0;
        if (!header.HasProducerId || header.RecordCount == 0) return false;
        byte[] batch = ArrayPool<byte>.Shared.Rent(header.Size);
        try
        {
            file.Read(batch.AsSpan(0, header.Size), header.Position);
            using var plain = PlainRecords.Open(batch.AsSpan(0, header.Size), int.MaxValue);
            var reader = new RecordReader(new RecordBatch(batch), plain.Bytes);
            if (!reader.Read(out var record)) return false;
            marker = ControlRecords.TypeOf(record.Key);
            timestamp = record.Timestamp;
            return marker is ControlRecordType.Abort or ControlRecordType.Commit
                && ControlRecords.TryReadEndTransaction(record.Value, out coordinatorEpoch);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch);
        }
    }
}
