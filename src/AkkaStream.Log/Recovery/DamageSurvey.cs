using System.Text;
using AkkaStream.Log.Files;

namespace AkkaStream.Log.Recovery;

/// <summary>
/// What would be lost if a log that cannot be opened were cut where reading it failed. Reads the files alone, also while the broker runs;
/// changes nothing until <see cref="Accept"/>.
/// </summary>
public sealed class DamageSurvey
{
    const int ScanBufferBytes = 16 * 1024;
    const int CheckBufferBytes = 256 * 1024;

    readonly ILogFiles _disk;
    readonly string _folder;

    DamageSurvey(ILogFiles disk, string folder, DamageVerdict verdict)
    {
        (_disk, _folder) = (disk, folder);
        (From, File, Position, Problem) = (new Offset(verdict.From), verdict.File, verdict.Position, verdict.Problem);
    }

    /// <summary>Everything from here on goes; all below stays.</summary>
    public Offset From { get; }
    public string File { get; }
    public long Position { get; }
    public string Problem { get; }

    /// <summary>All that lies behind the damage, with it.</summary>
    public long Bytes { get; private set; }
    public int Segments { get; private set; }

    /// <summary>What of it could be read.</summary>
    public long GoodRecords { get; private set; }
    public int GoodBatches { get; private set; }
    public Offset FirstGood { get; private set; } = Offset.Unknown;
    public Offset LastGood { get; private set; } = Offset.Unknown;
    public long EarliestMs { get; private set; } = -1;
    public long LatestMs { get; private set; } = -1;

    public int BadStretches { get; private set; }
    public long BadBytes { get; private set; }

    /// <summary>Null when nothing keeps the log in this folder from being opened, as far as anybody found out.</summary>
    public static DamageSurvey? Of(ILogFiles disk, string folder)
    {
        if (DamageVerdict.Find(disk, folder) is not { } verdict) return null;
        var survey = new DamageSurvey(disk, folder, verdict);
        survey.Count();
        return survey;
    }

    /// <summary>
    /// The word that this, and no more, may go: the broker that finds it opens the log and cuts it there. Durable when it returns.
    /// </summary>
    public void Accept() =>
        _disk.WriteAtomically(Path.Combine(_folder, LogRecovery.GiveUpFile), Encoding.UTF8.GetBytes($"{From.Value}\n"), durable: true);

    void Count()
    {
        var segments = new SortedDictionary<long, LogFileEntry>();
        foreach (var file in _disk.List(_folder))
            if (LogFileName.Parse(file.Name, out long baseOffset) == LogFileKind.Log) segments[baseOffset] = file;
        byte[] scan = new byte[ScanBufferBytes], check = new byte[CheckBufferBytes];
        foreach (var (baseOffset, entry) in segments)
        {
            string path = Path.Combine(_folder, entry.Name);
            bool isFirst = path == File;
            if (!isFirst && baseOffset < From.Value) continue;
            Count(path, isFirst ? (int)Position : 0, (int)Math.Min(entry.Length, int.MaxValue), baseOffset, scan, check);
        }
    }

    void Count(string path, int from, int end, long baseOffset, byte[] scan, byte[] check)
    {
        if (from >= end) return;
        Segments++;
        Bytes += end - from;
        using var file = _disk.Open(path);
        long expected = Math.Max(baseOffset, From.Value);
        for (int at = from; at < end;)
        {
            var scanner = new BatchScanner(file, at, end, scan);
            if (scanner.Next(out var header) == ScanResult.Batch && BatchCheck.WhatIsWrong(file, header, check) == null)
            {
                Note(header);
                expected = header.NextOffset;
                at = scanner.Position;
                continue;
            }
            int next = DamageSearch.FirstGoodBatch(file, at + 1, end, expected, check);
            if (next < 0) next = end;
            BadStretches++;
            BadBytes += next - at;
            at = next;
        }
    }

    void Note(in BatchHeader header)
    {
        GoodBatches++;
        GoodRecords += header.RecordCount;
        if (FirstGood == Offset.Unknown) FirstGood = new Offset(header.BaseOffset);
        LastGood = new Offset(header.LastOffset);
        if (header.MaxTimestamp < 0) return;
        EarliestMs = EarliestMs < 0 ? header.MaxTimestamp : Math.Min(EarliestMs, header.MaxTimestamp);
        LatestMs = Math.Max(LatestMs, header.MaxTimestamp);
    }
}
