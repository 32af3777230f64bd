using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol.Records;

namespace AkkaStream.Cluster.Store;

/// <param name="Image">All that Kafka's controller had committed.</param>
/// <param name="Notes">What was left out on the way and why, in words for the log.</param>
public sealed record KafkaMetadata(MetadataImage Image, IReadOnlyList<string> Notes);

/// <summary>
/// Reads what a Kafka node knew of its cluster: the newest whole checkpoint of <c>__cluster_metadata-0</c> and the log behind
/// it. Changes nothing on the disk. Called when a Kafka data directory is adopted.
/// </summary>
public static class KafkaMetadataReader
{
    public const string DirectoryName = $"{TopicName.ClusterMetadata}-0";

    /// <summary>Null if the log directory holds no such metadata.</summary>
    /// <exception cref="LogDamagedException">Records are missing or cannot be read.</exception>
    public static KafkaMetadata? Read(ILogFiles files, string logDirectory)
    {
        string path = Path.Combine(logDirectory, DirectoryName);
        if (!files.DirectoryExists(path)) return null;
        var notes = new List<string>();
        long[] segments = [.. files.List(path)
            .Where(f => LogFileName.Parse(f.Name, out _) == LogFileKind.Log)
            .Select(f => LogFileName.Parse(f.Name, out long offset) == LogFileKind.Log ? offset : -1)
            .Order()];
        (MetadataImage start, long from) = FindStart(files, path, segments, notes);
        var replay = new MetadataReplay(start);
        try
        {
            for (int i = FirstSegment(segments, from); i < segments.Length; i++)
            {
                if (segments[i] > from)
                    throw Damaged(path, from, $"The log goes on at offset {segments[i]}, but {from} was to follow: records are missing.");
                from = ReadSegment(files, path, segments[i], from, isLast: i == segments.Length - 1, replay, notes);
            }

            if (replay.HasOpenTransaction) notes.Add("The last metadata transaction was never ended; its records do not count.");
            return new KafkaMetadata(replay.Build(new MetadataRevision(from - 1)), notes);
        }
        catch (MetadataRecordException e)
        {
            throw Damaged(path, replay.LastOffset, $"The record at offset {replay.LastOffset} does not fit to those before it: {e.Message}.");
        }
    }

    static (MetadataImage Image, long From) FindStart(ILogFiles files, string path, long[] segments, List<string> notes)
    {
        foreach (SnapshotId id in SnapshotId.List(files, path))
        {
            byte[]? content = files.ReadAll(Path.Combine(path, id.FileName));
            if (content is null) continue;
            MetadataImage? image = MetadataSnapshot.Read(content, id, out long position, out string? problem);
            if (image is not null && (segments.Length == 0 || segments[0] <= id.EndOffset)) return (image, id.EndOffset);
            notes.Add($"{id.FileName} is not used (byte {position}): {problem ?? "the log does not reach back to it."}");
        }

        if (segments.Length > 0 && segments[0] == 0) return (MetadataImage.Empty, 0);
        throw Damaged(path, 0, "There is neither a whole checkpoint nor a log from the beginning. " + string.Join(" ", notes));
    }

    static int FirstSegment(long[] segments, long from)
    {
        int first = Array.FindLastIndex(segments, s => s <= from);
        return Math.Max(first, 0);
    }

    /// <returns>The offset behind the last record that was read.</returns>
    static long ReadSegment(
        ILogFiles files, string path, long baseOffset, long from, bool isLast, MetadataReplay replay, List<string> notes)
    {
        string name = LogFileName.Of(baseOffset, LogFileName.Log);
        using ILogFile file = files.Open(Path.Combine(path, name));
        byte[] buffer = new byte[RecordBatch.HeaderLength];
        long next = baseOffset;
        for (long position = 0; position < file.Length;)
        {
            string? problem = ReadBatch(file, position, ref buffer, out long size);
            if (problem is null)
            {
                var batch = new RecordBatch(buffer);
                if (batch.BaseOffset != next) problem = $"the batch begins at offset {batch.BaseOffset}, and {next} was to follow.";
                else if (batch.BaseOffset >= from) problem = MetadataBatches.Read(buffer.AsSpan(0, (int)size), replay);
                else if (batch.NextOffset > from) problem = $"the batch reaches across the checkpoint at offset {from}.";
            }

            if (problem is not null)
            {
                if (!isLast || !IsTornEnd(file, position, next)) throw Damaged(Path.Combine(path, name), position, problem);
                notes.Add($"{name} ends within a batch that was never completed (byte {position}): {problem}");
                break;
            }

            next = new RecordBatch(buffer).NextOffset;
            position += size;
        }

        return Math.Max(next, from);
    }

    static string? ReadBatch(ILogFile file, long position, ref byte[] buffer, out long size)
    {
        int head = file.Read(buffer.AsSpan(0, RecordBatch.HeaderLength), position);
        size = MetadataBatches.SizeOf(buffer.AsSpan(0, head), out string? problem);
        if (problem is not null) return problem;
        if (size > file.Length - position) return "the file ends within the batch.";
        if (size > buffer.Length) buffer = new byte[size];
        file.Read(buffer.AsSpan(0, (int)size), position);
        return null;
    }

    /// <summary>No whole batch stands behind it: the write was interrupted. Otherwise it is damage.</summary>
    static bool IsTornEnd(ILogFile file, long position, long next)
    {
        byte[] rest = new byte[file.Length - position];
        file.Read(rest, position);
        for (int at = 1; at <= rest.Length - RecordBatch.HeaderLength; at++)
        {
            ReadOnlySpan<byte> bytes = rest.AsSpan(at);
            long size = MetadataBatches.SizeOf(bytes, out string? problem);
            if (problem is not null || size > bytes.Length || new RecordBatch(bytes).BaseOffset < next) continue;
            if (Crc32C.Compute(bytes[RecordBatch.CrcStart..(int)size]) == new RecordBatch(bytes).Crc) return false;
        }

        return true;
    }

    static LogDamagedException Damaged(string path, long position, string what) =>
        new(path, position, what, "Let Kafka repair it, or copy the directory from another node of its quorum.");
}
