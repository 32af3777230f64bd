namespace AkkaStream.Client;

/// <summary>Finds what somebody meant who mistyped a name.</summary>
public static class NearestName
{
    const int LongestName = 64;

    /// <summary>
    /// The known name with the fewest letters to change, insert, drop or swap; null when none is near enough to be meant.
    /// </summary>
    public static string? Of(string name, IEnumerable<string> known)
    {
        string? nearest = null;
        int fewest = Math.Max(2, name.Length / 3) + 1;
        foreach (var candidate in known)
        {
            int distance = Distance(name, candidate, fewest);
            if (distance >= fewest) continue;
            fewest = distance;
            nearest = candidate;
        }
        return nearest;
    }

    static int Distance(string a, string b, int enough)
    {
        if (Math.Abs(a.Length - b.Length) >= enough || a.Length > LongestName || b.Length > LongestName) return int.MaxValue;
        Span<int> beforeLast = stackalloc int[b.Length + 1];
        Span<int> last = stackalloc int[b.Length + 1];
        Span<int> row = stackalloc int[b.Length + 1];
        for (int j = 0; j <= b.Length; j++) last[j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            row[0] = i;
            for (int j = 1; j <= b.Length; j++)
            {
                int change = char.ToLowerInvariant(a[i - 1]) == char.ToLowerInvariant(b[j - 1]) ? 0 : 1;
                row[j] = Math.Min(Math.Min(last[j] + 1, row[j - 1] + 1), last[j - 1] + change);
                bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                if (swapped) row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            }
            last.CopyTo(beforeLast);
            row.CopyTo(last);
        }
        return last[b.Length];
    }
}
