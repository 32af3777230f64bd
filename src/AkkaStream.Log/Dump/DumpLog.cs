using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Log.Producers;

namespace AkkaStream.Log.Dump;

/// <summary>
/// Prints stored files as Kafka's own dump tool does, line for line, so that scripts made for that one read ours: segments, the three
/// indexes, producer snapshots, and besides them leader epochs. What is wrong goes to a list at the end instead of stopping it.
/// </summary>
public sealed partial class DumpLog(ILogFiles disk, DumpOptions options, TextWriter output)
{
    readonly List<string> _findings = [];
    readonly List<string> _gaps = [];

    /// <summary>What is wrong: index entries that do not match the log, batches that cannot be read.</summary>
    public IReadOnlyList<string> Findings => _findings;

    /// <summary>
    /// Offsets that do not follow each other, in the words of Kafka's tool: also the first of each file that does not begin at 0, and what
    /// compaction took. Nothing is wrong with them.
    /// </summary>
    public IReadOnlyList<string> Gaps => _gaps;

    public void Dump(string path)
    {
        if (!disk.FileExists(path))
        {
            _findings.Add($"{path} is not there");
            return;
        }
        output.WriteLine($"Dumping {path}");
        string name = Path.GetFileName(path);
        switch (LogFileName.Parse(name, out long baseOffset))
        {
            case LogFileKind.Log: DumpSegment(path, baseOffset); break;
            case LogFileKind.OffsetIndex: DumpOffsetIndex(path, baseOffset); break;
            case LogFileKind.TimeIndex: DumpTimeIndex(path, baseOffset); break;
            case LogFileKind.TransactionIndex: DumpTransactions(path); break;
            case LogFileKind.ProducerSnapshot: DumpSnapshot(path); break;
            default:
                if (name == LogFileName.LeaderEpochs) DumpEpochs(path);
                else _findings.Add($"Ignoring unknown file {path}");
                break;
        }
    }

    void DumpSnapshot(string path)
    {
        var states = ProducerSnapshot.Parse(disk.ReadAll(path), out string? problem);
        if (states == null)
        {
            _findings.Add($"{path}: {problem}");
            return;
        }
        foreach (var state in states)
        {
            output.Write(
                $"producerId: {state.ProducerId} producerEpoch: {state.Epoch} coordinatorEpoch: {state.CoordinatorEpoch} "
                + $"currentTxnFirstOffset: {Optional(state.TransactionStart)} lastTimestamp: {state.LastTimestamp}");
            if (state.Kept > 0)
            {
                var batch = state.Batches[state.Kept - 1];
                output.Write(
                    $" firstSequence: {batch.FirstSequence} lastSequence: {batch.LastSequence} lastOffset: {batch.LastOffset} "
                    + $"offsetDelta: {batch.OffsetDelta} timestamp: {batch.Timestamp}");
            }
            output.WriteLine();
        }
    }

    void DumpEpochs(string path)
    {
        var entries = LeaderEpochCheckpoint.Parse(disk.ReadAll(path), out string? problem);
        if (entries == null)
        {
            _findings.Add($"{path}: {problem}");
            return;
        }
        foreach (var entry in entries) output.WriteLine($"epoch: {entry.Epoch} startOffset: {entry.Start}");
    }

    static string Optional(long value) => value < 0 ? "OptionalLong.empty" : $"OptionalLong[{value}]";
}
