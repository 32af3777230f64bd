using System.Globalization;
using AkkaStream.Log.Checkpoints;
using AkkaStream.Log.Files;

namespace AkkaStream.Log.Scrub;

/// <summary>
/// What a check found unreadable, in a file beside the segments, so that a restart does not hand it to readers. The checks alone write it,
/// whole each time: what is in it from the moment it is found, and at the end of each check only what that one met.
/// </summary>
static class KnownDamage
{
    public const string Name = ".unreadable";
    const int Version = 0;

    /// <summary>Durable when it returns.</summary>
    public static void Write(ILogFiles disk, string folder, IReadOnlyCollection<DamagedStretch> damage)
    {
        string path = Path.Combine(folder, Name);
        if (damage.Count > 0) disk.WriteAtomically(path, CheckpointText.Format(Version, [.. damage.Select(Line)]), durable: true);
        else if (disk.FileExists(path)) disk.DeleteFile(path);
    }

    /// <summary>What is known of these segments, and still so: they may have been cut, compacted or restored since.</summary>
    public static DamagedStretch[] Read(ILogFiles disk, string folder, IReadOnlyList<Segment> segments, out string? problem)
    {
        problem = null;
        if (disk.ReadAll(Path.Combine(folder, Name)) is not { } content) return [];
        if (CheckpointText.Parse(content, Version, out problem) is not { } lines) return [];
        var found = new List<DamagedStretch>();
        foreach (string line in lines)
            if (Parse(line, segments) is { } stretch && IsStillThere(stretch)) found.Add(stretch);
        return [.. found];
    }

    static string Line(DamagedStretch stretch) => string.Create(
        CultureInfo.InvariantCulture,
        $"{Path.GetFileName(stretch.File.Path)} {stretch.From} {stretch.To} {stretch.First.Value} {stretch.Behind.Value} {stretch.Problem}");

    static DamagedStretch? Parse(string line, IReadOnlyList<Segment> segments)
    {
        string[] parts = line.Split(' ', 6);
        if (parts.Length < 6) return null;
        Span<long> numbers = stackalloc long[4];
        for (int i = 0; i < numbers.Length; i++)
            if (!CheckpointText.TryNumber(parts[i + 1], out numbers[i])) return null;
        var segment = segments.FirstOrDefault(segment => Path.GetFileName(segment.LogFile.Path) == parts[0]);
        if (segment is null || numbers[0] < 0 || numbers[0] >= segment.Size || numbers[1] <= numbers[0]) return null;
        int to = (int)Math.Min(numbers[1], segment.Size);
        return new DamagedStretch(segment.LogFile, (int)numbers[0], to, new Offset(numbers[2]), new Offset(numbers[3]), parts[5]);
    }

    static bool IsStillThere(DamagedStretch stretch)
    {
        Span<byte> buffer = stackalloc byte[BatchScanner.SmallestBuffer];
        using var lease = stretch.File.Lease();
        var scanner = new BatchScanner(lease.File, stretch.From, stretch.To, buffer);
        return scanner.Next(out var header) != ScanResult.Batch || BatchCheck.WhatIsWrong(lease.File, header, new byte[64 * 1024]) != null;
    }
}
