namespace AkkaStream.Hocon;

/// <summary>
/// The keys of a configuration: every place with a value. Finds the name that an unknown one was meant to be.
/// </summary>
static class SettingsKeys
{
    public sealed record Key(string Root, string Path, HoconNode Node);

    public static List<Key> Of(HoconNode root)
    {
        var keys = new List<Key>();
        foreach (var (name, node) in root.Fields) Collect(keys, name, HoconPath.Render([name]), node);
        return keys;
    }

    static void Collect(List<Key> keys, string root, string path, HoconNode node)
    {
        if (node.Kind != HoconKind.None) keys.Add(new Key(root, path, node));
        if (!node.IsObject) return;
        foreach (var (name, child) in node.Fields) Collect(keys, root, $"{path}.{HoconPath.Render([name])}", child);
    }

    public static string Unknown(string path, IEnumerable<string> known)
    {
        var below = known.Where(name => name.StartsWith(path + ".", StringComparison.Ordinal)).Take(3).ToList();
        if (below.Count > 0)
            return $"{path} is a section, not a setting; it holds {string.Join(", ", below)}";
        return Nearest(path, known) is { } nearest
            ? $"unknown setting {path}; did you mean {nearest}?"
            : $"unknown setting {path}; remove it, or look up its name in the reference";
    }

    /// <summary>
    /// The known name that ends alike, or else the one that takes the fewest changes, when these are few.
    /// </summary>
    public static string? Nearest(string path, IEnumerable<string> known)
    {
        string? best = null;
        var least = int.MaxValue;
        var end = path[Math.Max(path.IndexOf('.'), 0)..];
        foreach (var name in known)
        {
            if (end.Length > 1 && name.EndsWith(end, StringComparison.Ordinal)) return name;

            // What both have in common at the front says nothing about how alike they are.
            var shared = path.AsSpan().CommonPrefixLength(name);
            var front = path.AsSpan(0, shared).LastIndexOf('.') + 1;
            var limit = Math.Min(least, Math.Max(1, (path.Length - front) / 3) + 1);
            var distance = Distance(path.AsSpan(front), name.AsSpan(front), limit);
            if (distance >= limit) continue;
            best = name;
            least = distance;
        }

        return best;
    }

    /// <summary>Letters to add, drop, change or swap with a neighbour. Gives up at the limit.</summary>
    internal static int Distance(ReadOnlySpan<char> a, ReadOnlySpan<char> b, int limit)
    {
        if (Math.Abs(a.Length - b.Length) >= limit) return limit;
        var beforeLast = new int[b.Length + 1];
        var last = new int[b.Length + 1];
        var row = new int[b.Length + 1];
        for (var j = 0; j <= b.Length; j++) row[j] = j;
        for (var i = 1; i <= a.Length; i++)
        {
            (beforeLast, last, row) = (last, row, beforeLast);
            row[0] = i;
            var least = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
                row[j] = Math.Min(change, Math.Min(last[j], row[j - 1]) + 1);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
                least = Math.Min(least, row[j]);
            }

            if (least >= limit) return limit;
        }

        return row[b.Length];
    }
}
