using System.Buffers;
using System.Globalization;
using AkkaStream.Log;
using AkkaStream.Log.Files;
using AkkaStream.Metadata;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Store;

/// <summary>Name of a snapshot: the offset behind its last record, and the epoch of the controller that wrote that record.</summary>
sealed record SnapshotId(long EndOffset, ControllerEpoch Epoch)
{
    const string Suffix = ".checkpoint";
    const int OffsetDigits = 20;
    const int EpochDigits = 10;

    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{EndOffset:D20}-{Epoch.Value:D10}{Suffix}");

    public static SnapshotId? Parse(string name)
    {
        bool fits = name.Length == OffsetDigits + 1 + EpochDigits + Suffix.Length && name[OffsetDigits] == '-' && name.EndsWith(Suffix);
        if (!fits || !long.TryParse(name.AsSpan(0, OffsetDigits), NumberStyles.None, CultureInfo.InvariantCulture, out long end)
            || !int.TryParse(name.AsSpan(OffsetDigits + 1, EpochDigits), NumberStyles.None, CultureInfo.InvariantCulture, out int epoch))
            return null;
        return new SnapshotId(end, new ControllerEpoch(epoch));
    }

    /// <summary>All snapshots in a directory, the newest first.</summary>
    public static IReadOnlyList<SnapshotId> List(ILogFiles files, string directory)
    {
        var found = new List<SnapshotId>();
        foreach (LogFileEntry file in files.List(directory))
        {
            if (Parse(file.Name) is { } id) found.Add(id);
        }

        found.Sort((a, b) => b.EndOffset.CompareTo(a.EndOffset));
        return found;
    }
}

/// <summary>
/// A whole image in one file, in the form of Kafka's checkpoints: a header, batches of records, a footer. Pure: bytes in,
/// image out, and back. Without its footer or with a wrong checksum it is no snapshot.
/// </summary>
static class MetadataSnapshot
{
    const int RecordsPerBatch = 1_000;

    public static ReadOnlyMemory<byte> Write(MetadataImage image, ControllerEpoch epoch, long nowMs)
    {
        var bytes = new ArrayBufferWriter<byte>(64 * 1024);
        long offset = 0;
        bytes.Write(MetadataBatches.EncodeControl(ControlRecordType.SnapshotHeader,
            new SnapshotHeaderRecord { LastContainedLogTimestamp = nowMs }, epoch, nowMs, offset++));
        foreach (IStoredMessage[] chunk in ImageRecords.Of(image).Chunk(RecordsPerBatch))
        {
            bytes.Write(MetadataBatches.Encode(chunk, epoch, nowMs, offset));
            offset += chunk.Length;
        }

        foreach (ReadOnlyMemory<byte>[] chunk in image.Kept.Unknown.Chunk(RecordsPerBatch))
        {
            var builder = new RecordBatchBuilder { PartitionLeaderEpoch = epoch.Value, BaseOffset = offset };
            for (int i = 0; i < chunk.Length; i++) MetadataBatches.AppendRaw(builder, chunk[i].Span, nowMs, i);
            builder.WriteTo(bytes);
            offset += chunk.Length;
        }

        bytes.Write(MetadataBatches.EncodeControl(ControlRecordType.SnapshotFooter, new SnapshotFooterRecord(), epoch, nowMs, offset));
        return bytes.WrittenMemory;
    }

    /// <summary>The image at the revision of the snapshot's name, or null with the place and the reason.</summary>
    public static MetadataImage? Read(ReadOnlySpan<byte> file, SnapshotId id, out long position, out string? problem)
    {
        var replay = new MetadataReplay(MetadataImage.Empty);
        try
        {
            for (position = 0; position < file.Length;)
            {
                ReadOnlySpan<byte> rest = file[(int)position..];
                long size = MetadataBatches.SizeOf(rest, out problem);
                if (problem is null && size > rest.Length) problem = "the file ends within a batch.";
                problem ??= MetadataBatches.Read(rest[..(int)size], replay);
                if (problem is not null) return null;
                position += size;
            }

            problem = replay.IsWholeSnapshot ? null : "the file ends before the snapshot does.";
            return problem is null ? replay.Build(new MetadataRevision(id.EndOffset - 1)) : null;
        }
        catch (MetadataRecordException e)
        {
            position = file.Length;
            problem = $"{e.Message}.";
            return null;
        }
    }
}
