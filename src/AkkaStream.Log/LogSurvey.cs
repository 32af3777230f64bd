using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;
using AkkaStream.Log.Producers;

namespace AkkaStream.Log;

/// <summary>
/// What a log says of itself when nobody else can: the highest leader epoch and producer id, out of its checkpoint, its snapshots and the head
/// of every batch. Reads the disk; changes nothing.
/// </summary>
/// <param name="HighestEpoch">-1 for none.</param>
/// <param name="HighestProducerId">-1 for none.</param>
public sealed record LogSurvey(int HighestEpoch, long HighestProducerId)
{
    const int BufferBytes = 64 * 1024;

    public static readonly LogSurvey Nothing = new(-1, -1);

    internal static LogSurvey Of(ILogFiles disk, string folder)
    {
        int epoch = -1;
        long producer = -1;
        byte[] buffer = new byte[BufferBytes];
        if (disk.ReadAll(Path.Combine(folder, LogFileName.LeaderEpochs)) is { } content
            && LeaderEpochCheckpoint.Parse(content, out _) is { Length: > 0 } epochs) epoch = epochs[^1].Epoch.Value;
        foreach (var file in disk.List(folder))
        {
            var kind = LogFileName.Parse(file.Name, out _);
            string path = Path.Combine(folder, file.Name);
            if (kind == LogFileKind.ProducerSnapshot)
                foreach (var state in ProducersIn(disk.ReadAll(path) ?? [])) producer = Math.Max(producer, state.ProducerId);
            if (kind == LogFileKind.Log) Scan(disk, path, buffer, ref epoch, ref producer);
        }
        return new LogSurvey(epoch, producer);
    }

    static ProducerState[] ProducersIn(byte[] snapshot) => ProducerSnapshot.Parse(snapshot, out _) ?? [];

    static void Scan(ILogFiles disk, string path, Span<byte> buffer, ref int epoch, ref long producer)
    {
        using var file = disk.Open(path);
        var scanner = new BatchScanner(file, 0, (int)file.Length, buffer);
        while (scanner.Next(out var header) == ScanResult.Batch)
        {
            epoch = Math.Max(epoch, header.LeaderEpoch);
            producer = Math.Max(producer, header.ProducerId);
        }
    }
}
