namespace AkkaStream.Server.Commands;

/// <summary>The words behind "storage format" and its siblings, in the forms that Kafka's tool takes: -c X, --config X, --config=X, -cX.</summary>
sealed class StorageArguments
{
    static readonly (string Short, string Long, bool TakesValue)[] Known =
    [
        ("-c", "--config", true), ("-t", "--cluster-id", true), ("-S", "--add-scram", true), ("-g", "--ignore-formatted", false),
        ("-r", "--release-version", true), ("-f", "--feature", true), ("-s", "--standalone", false), ("-N", "--no-initial-controllers", false),
        ("-I", "--initial-controllers", true), ("-h", "--help", false),
    ];

    readonly Dictionary<string, List<string>> _values = [];

    public bool Has(string option) => _values.ContainsKey(option);

    public string? Last(string option) => _values.TryGetValue(option, out var values) ? values[^1] : null;

    public IReadOnlyList<string> All(string option) => _values.TryGetValue(option, out var values) ? values : [];

    /// <param name="words">What stands behind the verb.</param>
    /// <param name="allowed">Long names of the options that the verb has.</param>
    /// <param name="arguments">What was understood.</param>
    /// <returns>Null when understood, otherwise what is wrong, in the words of Kafka's tool.</returns>
    public static string? Parse(ReadOnlySpan<string> words, string[] allowed, out StorageArguments arguments)
    {
        arguments = new StorageArguments();
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            var (option, attached) = Split(word);
            var known = Array.Find(Known, k => k.Long == option);
            if (known.Long is null || !(allowed.Contains(known.Long) || known.Long == "--help")) return $"unrecognized arguments: '{word}'";
            string? value = attached;
            if (known.TakesValue && value is null && ++i < words.Length) value = words[i];
            if (known.TakesValue && value is null) return $"argument {known.Long}/{known.Short}: expected one argument";
            if (!arguments._values.TryGetValue(known.Long, out var values)) arguments._values[known.Long] = values = [];
            values.Add(value ?? "");
        }
        return null;
    }

    /// <summary>The long name of an option, and the value that is joined to it.</summary>
    static (string Option, string? Attached) Split(string word)
    {
        int equals = word.IndexOf('=');
        if (word.StartsWith("--", StringComparison.Ordinal)) return equals < 0 ? (word, null) : (word[..equals], word[(equals + 1)..]);
        foreach (var (brief, full, takesValue) in Known)
        {
            if (word == brief) return (full, null);
            if (takesValue && word.StartsWith(brief, StringComparison.Ordinal)) return (full, word[brief.Length..].TrimStart('='));
        }
        return (word, null);
    }
}
