using System.Globalization;

namespace AkkaStream.Metadata.Configs;

/// <summary>Which replicas of a topic are throttled while a reassignment runs. Immutable.</summary>
public sealed class ThrottledReplicas
{
    static readonly ThrottledReplicas None = new(all: false, null);
    static readonly ThrottledReplicas All = new(all: true, null);

    readonly bool _all;
    readonly HashSet<long>? _replicas;

    ThrottledReplicas(bool all, HashSet<long>? replicas)
    {
        _all = all;
        _replicas = replicas;
    }

    public bool IsEmpty => !_all && _replicas is null or { Count: 0 };

    public bool Contains(int partition, int broker) => _all || _replicas?.Contains(Pair(partition, broker)) == true;

    /// <summary>Items of the form partition:broker, or one star; checked when they were set.</summary>
    public static ThrottledReplicas Of(IReadOnlyList<string> items)
    {
        if (items.Count == 0) return None;
        if (items is ["*"]) return All;
        var replicas = new HashSet<long>();
        foreach (var item in items)
        {
            // Digits beyond an int name no replica that could exist.
            if (item.Split(':') is [var left, var right]
                && IsNumber(left, out var partition) && IsNumber(right, out var broker))
                replicas.Add(Pair(partition, broker));
        }

        return new ThrottledReplicas(all: false, replicas);
    }

    static long Pair(int partition, int broker) => ((long)partition << 32) | (uint)broker;

    static bool IsNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
