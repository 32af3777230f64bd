using System.Buffers.Binary;
using AkkaStream.Log.Indexes;

namespace AkkaStream.Log.Dump;

/// <summary>The indexes, each entry held against the log beside it.</summary>
public sealed partial class DumpLog
{
    void DumpOffsetIndex(string path, long baseOffset)
    {
        byte[] content = disk.ReadAll(path) ?? [];
        if (!MayDumpEntries(path, content.Length, OffsetIndex.EntryBytes)) return;
        for (int at = 0; at + OffsetIndex.EntryBytes <= content.Length; at += OffsetIndex.EntryBytes)
        {
            int relative = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(at));
            int position = BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(at + 4));
            if (relative == 0 && at > 0) return; // the rest was set aside and never written
            CheckAgainstLog(path, baseOffset, baseOffset + relative, position);
            if (!options.VerifiesIndexOnly) output.WriteLine($"offset: {baseOffset + relative} position: {position}");
        }
    }

    void DumpTimeIndex(string path, long baseOffset)
    {
        byte[] content = disk.ReadAll(path) ?? [];
        if (!MayDumpEntries(path, content.Length, TimeIndex.EntryBytes)) return;
        long previous = -1;
        for (int at = 0; at + TimeIndex.EntryBytes <= content.Length; at += TimeIndex.EntryBytes)
        {
            long timestamp = BinaryPrimitives.ReadInt64BigEndian(content.AsSpan(at));
            long offset = baseOffset + BinaryPrimitives.ReadInt32BigEndian(content.AsSpan(at + 8));
            if (timestamp == 0 && offset == baseOffset && at > 0) return;
            if (timestamp <= previous) _findings.Add($"Found out of order timestamp in {path}: {previous} is followed by {timestamp}");
            previous = timestamp;
            if (!options.VerifiesIndexOnly) output.WriteLine($"timestamp: {timestamp} offset: {offset}");
        }
    }

    void DumpTransactions(string path)
    {
        ReadOnlySpan<byte> content = disk.ReadAll(path);
        for (; content.Length >= TransactionIndex.EntryBytes; content = content[TransactionIndex.EntryBytes..])
        {
            if (TransactionIndex.TryDecode(content) is not { } aborted)
            {
                _findings.Add($"{path}: an entry has version {BinaryPrimitives.ReadInt16BigEndian(content)}, known is 0");
                return;
            }
            output.WriteLine(
                $"version: 0 producerId: {aborted.ProducerId} firstOffset: {aborted.FirstOffset} lastOffset: {aborted.LastOffset} "
                + $"lastStableOffset: {aborted.LastStableOffset}");
        }
    }

    bool MayDumpEntries(string path, int length, int entryBytes)
    {
        if (length == 0)
        {
            output.WriteLine($"{path} is empty.");
            return false;
        }
        if (!options.ChecksIndexSanity) return true;
        if (length % entryBytes == 0) output.WriteLine($"{path} passed sanity check.");
        else _findings.Add($"{path}: {length} bytes are no whole number of entries");
        return false;
    }

    void CheckAgainstLog(string path, long baseOffset, long offset, int position)
    {
        string log = Path.Combine(Path.GetDirectoryName(path) ?? "", LogFileName.Of(baseOffset, LogFileName.Log));
        if (!disk.FileExists(log)) return;
        using var file = disk.Open(log);
        Span<byte> buffer = stackalloc byte[BatchScanner.SmallestBuffer];
        var scanner = new BatchScanner(file, position, (int)Math.Min(file.Length, int.MaxValue), buffer);
        if (scanner.Next(out var header) == ScanResult.Batch && header.BaseOffset <= offset) return;
        if (position > 0 || offset > baseOffset) _findings.Add($"Mismatches in {path}: offset {offset} is not at byte {position}");
    }
}
