using AkkaStream.Log.Files;

namespace AkkaStream.Log.Recovery;

/// <summary>Why the files of a log may be other on the disk than they read.</summary>
enum Doubt
{
    None,

    /// <summary>A sync failed. It may have dropped what it should have written, and the next one would promise what is not there.</summary>
    SyncFailed,

    /// <summary>A truncation did not come to its end. What it cut could come back behind what is appended next.</summary>
    Truncating,
}

/// <summary>
/// A file beside the segments that says so, while it is so: whoever opens the log next sees to it that the disk holds what is read, before a
/// byte of it is believed or another one written.
/// </summary>
static class DoubtMark
{
    const int PieceBytes = 256 * 1024;

    public static void Leave(ILogFiles disk, string folder, Doubt doubt, bool durable = true) =>
        disk.WriteAtomically(PathOf(folder, doubt), "See docs/formats/data-directory.md\n"u8, durable);

    /// <summary>As well as it can be done on a disk that is failing: the partition is offline in any case.</summary>
    public static void TryLeave(ILogFiles disk, string folder, Doubt doubt)
    {
        foreach (bool durable in new[] { true, false })
        {
            try
            {
                Leave(disk, folder, doubt, durable);
                return;
            }
            catch (IOException)
            {
                // Where nothing can be synced it is at least there for the next process. The recovery point stays where it was.
            }
        }
    }

    public static void Remove(ILogFiles disk, string folder, Doubt doubt) => disk.DeleteFile(PathOf(folder, doubt));

    public static Doubt Find(ILogFiles disk, string folder) =>
        disk.FileExists(PathOf(folder, Doubt.SyncFailed)) ? Doubt.SyncFailed
        : disk.FileExists(PathOf(folder, Doubt.Truncating)) ? Doubt.Truncating
        : Doubt.None;

    /// <summary>After a failed sync all that was changed since the recovery point is written again as it reads. Then all is synced.</summary>
    public static void Settle(ILogFiles disk, string folder, Doubt doubt, IReadOnlyList<SegmentEntry> segments, long recoveryPoint)
    {
        int first = segments.Count - 1;
        while (first > 0 && segments[first].BaseOffset > recoveryPoint) first--;
        long from = first < 0 ? 0 : segments[first].BaseOffset;
        foreach (var file in disk.List(folder))
        {
            if (file.IsDirectory) continue;
            var kind = LogFileName.Parse(file.Name, out long baseOffset);
            if (kind != LogFileKind.Other && baseOffset < from) continue;
            using var open = disk.Open(Path.Combine(folder, file.Name));
            if (doubt == Doubt.SyncFailed) Rewrite(open);
            open.Flush();
        }
        disk.SyncDirectory(folder);
        Remove(disk, folder, Doubt.SyncFailed);
        Remove(disk, folder, Doubt.Truncating);
        disk.SyncDirectory(folder);
    }

    static void Rewrite(ILogFile file)
    {
        byte[] piece = new byte[PieceBytes];
        for (long at = 0; at < file.Length;)
        {
            int read = file.Read(piece, at);
            if (read == 0) break;
            file.Write(piece.AsSpan(0, read), at);
            at += read;
        }
    }

    static string PathOf(string folder, Doubt doubt) => Path.Combine(folder, doubt == Doubt.SyncFailed ? ".sync-failed" : ".truncating");
}
