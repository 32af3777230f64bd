using System.Buffers;
using AkkaStream.Log.Files;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Cleaning;

/// <summary>
/// One round of compaction of one log, in small steps that wait for the disk, on any thread, one at a time. Reads what was not compacted yet and
/// notes the newest offset of each key; then writes group by group what stays into files beside the log, which the replica puts in place in a
/// turn of its own. A crash at any moment leaves the old segments, or the new ones, whole.
/// </summary>
/// <remarks>
/// Files are `.cleaned` until they are complete and synced; the swap renames them to `.swap`, retires what they replace, and gives them their
/// names. Recovery drops the first kind and finishes with the second.
/// </remarks>
public sealed partial class LogCompaction
{
    /// <summary>What a step reads or writes at most, large batches aside.</summary>
    const int StepBytes = 1024 * 1024;

    readonly LogDirectory _directory;
    readonly string _path;
    readonly LogReadView _view;
    readonly CleaningPlan _plan;
    readonly LogConfig _config;
    readonly CleaningLimits _limits;
    readonly IReadOnlyDictionary<long, LastOfProducer> _producers;
    readonly long _nowMs;
    readonly OffsetMap _newest;
    readonly BatchSource _source;
    readonly ArrayBufferWriter<byte> _out = new();
    readonly IEnumerator<long> _work;

    CleanedTransactions _transactions = new([]);
    BatchRewriter? _rewriter;
    Offset _upTo;
    long _read;
    long _written;
    int _segmentsBefore;
    int _segmentsAfter;

    internal LogCompaction(
        LogDirectory directory, PartitionName name, LogReadView view, in CleaningPlan plan, LogConfig config, CleaningLimits limits,
        IReadOnlyDictionary<long, LastOfProducer> producers, int generation, long nowMs)
    {
        (_directory, _path) = (directory, directory.PathOf(name));
        (_view, _plan, _config, _limits, _producers, _nowMs) = (view, plan, config, limits, producers, nowMs);
        Generation = generation;
        _newest = new OffsetMap(limits.Hash, limits.DedupeBufferBytes, limits.LoadFactor);
        _source = new BatchSource(limits.IoBufferBytes);
        _work = Work().GetEnumerator();
    }

    public CleaningStage Stage { get; private set; }

    public CleaningPlan Plan => _plan;

    /// <summary>Behind the last offset that was looked at.</summary>
    public Offset UpTo => _upTo;

    public CleaningReport Report => new(
        _plan.FirstDirty, _upTo, _read, _written, _rewriter?.RecordsRead ?? 0, _rewriter?.RecordsKept ?? 0, _segmentsBefore, _segmentsAfter,
        MapBytes);

    internal int Generation { get; }

    /// <summary>What is to be replaced, neighbours all of them, and by what, while a swap is due.</summary>
    internal Segment[] Replaced { get; private set; } = [];
    internal Segment? Cleaned { get; private set; }

    long MapBytes { get; set; }

    /// <summary>
    /// Goes on for a while. Says how many bytes it read and wrote, for whoever keeps the pace. Throws <see cref="LogDamagedException"/> when stored
    /// data cannot be read, and other <see cref="IOException"/>s when the disk fails; then it is over.
    /// </summary>
    public long Step()
    {
        Bug.Assert(Stage == CleaningStage.Working);
        try
        {
            if (!_work.MoveNext()) Stage = CleaningStage.Done;
            return Stage == CleaningStage.Done ? 0 : _work.Current;
        }
        catch (FileNotFoundException)
        {
            // Retention or the topic's deletion was faster.
            Abandon();
            return 0;
        }
        catch (IOException)
        {
            Abandon();
            throw;
        }
    }

    /// <summary>Lets go of everything; half-written files go.</summary>
    public void Abandon()
    {
        if (Stage is CleaningStage.Done or CleaningStage.Abandoned) return;
        Stage = CleaningStage.Abandoned;
        _newest.Dispose();
        if (Cleaned is { } half) Drop(half);
        Cleaned = null;
    }

    /// <summary>The replica has put the new segment in place.</summary>
    internal void OnSwapped()
    {
        Bug.Assert(Stage == CleaningStage.SwapDue);
        Stage = CleaningStage.Working;
        _segmentsAfter++;
        Cleaned = null;
    }

    /// <summary>It is not known which of the two is in service now: neither may be touched.</summary>
    internal void OnSwapFailed()
    {
        Cleaned = null;
        Abandon();
    }

    IEnumerable<long> Work()
    {
        // A gap in front of the recovery point is taken for a loss when the log is opened after a crash, so the point must be known first.
        _directory.WriteRecoveryPoints();
        _transactions = Transactions(_plan.FirstDirty);
        foreach (long bytes in MapDirty()) yield return bytes;
        MapBytes = _newest.MemoryBytes;
        _transactions = Transactions(new Offset(_view.Segments[0].BaseOffset));
        _rewriter = new BatchRewriter(new CleaningFilter(_newest, _transactions, _producers, _nowMs), _config, _nowMs);
        int count = _view.FloorSegment(_upTo.Value - 1) + 1;
        for (int at = 0; at < count; at += Replaced.Length)
        {
            foreach (long bytes in Rewrite(at, count)) yield return bytes;
            _segmentsBefore += Replaced.Length;
            if (Cleaned == null)
            {
                _segmentsAfter++;
                continue;
            }
            Stage = CleaningStage.SwapDue;
            yield return 0;
            _directory.Disk.SyncDirectory(_path);
        }
        Replaced = [];
        _newest.Dispose();
    }

    CleanedTransactions Transactions(Offset from) => new(_view.AbortedBetween(from, _plan.FirstUncleanable));

    /// <summary>The newest offset of each key in the part that was not compacted yet, as far as the memory reaches.</summary>
    IEnumerable<long> MapDirty()
    {
        _upTo = _plan.FirstUncleanable;
        for (int i = _view.FloorSegment(_plan.FirstDirty.Value); _view.Segments[i].BaseOffset < _plan.FirstUncleanable.Value; i++)
        {
            var segment = _view.Segments[i];
            _source.Begin(0, segment.Size);
            while (!_source.IsAtEnd)
            {
                int before = _source.Position;
                if (!MapSlice(segment))
                {
                    _upTo = new Offset(_newest.Latest + 1);
                    yield break;
                }
                _read += _source.Position - before;
                yield return _source.Position - before;
            }
        }
    }

    /// <summary>False when the map is full.</summary>
    bool MapSlice(Segment segment)
    {
        using var lease = segment.LogFile.Lease();
        for (int begin = _source.Position; !_source.IsAtEnd && _source.Position - begin < StepBytes;)
        {
            var bytes = NextBatch(segment, lease.File, out var header);
            if (header.LastOffset < _plan.FirstDirty.Value && !header.IsTransactional) continue;
            if (!MapBatch(segment, bytes, header)) return false;
            if (header.LastOffset >= _plan.FirstDirty.Value) _newest.Saw(header.LastOffset);
        }
        return true;
    }

    bool MapBatch(Segment segment, ReadOnlySpan<byte> bytes, in BatchHeader header)
    {
        if (header.IsControl)
        {
            _transactions.EndsNothing(header, BatchRewriter.MarkerOf(bytes));
            return true;
        }
        if (_transactions.IsAborted(header)) return true;
        if (header.LastOffset < _plan.FirstDirty.Value || header.RecordCount == 0) return true;
        using var plain = PlainRecords.Open(bytes, int.MaxValue);
        if (plain.Fault != RecordFault.None) throw Damaged(segment, header.Position, $"{plain.Reason}.");
        var reader = new RecordReader(new RecordBatch(bytes), plain.Bytes);
        while (reader.Read(out var record))
        {
            if (record.HasKey && record.Offset >= _plan.FirstDirty.Value && !_newest.TryPut(record.Key, record.Offset)) return false;
        }
        return true;
    }

    ReadOnlySpan<byte> NextBatch(Segment segment, ILogFile file, out BatchHeader header)
    {
        int at = _source.Position;
        return _source.Next(file, out header, out var bytes) is { } problem ? throw Damaged(segment, at, problem) : bytes;
    }

    static LogDamagedException Damaged(Segment segment, int position, string problem) => new(
        segment.LogFile.Path, position, problem,
        "It is not compacted any more, and its files were left as they are. Copy the partition from another replica.");

    void Drop(Segment half)
    {
        foreach (var file in half.Files)
        {
            try
            {
                file.Doom();
                _directory.Disk.DeleteFile(file.Path);
            }
            catch (IOException)
            {
                // The next opening of the log deletes it.
            }
        }
    }
}
