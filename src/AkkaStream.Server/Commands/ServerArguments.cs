namespace AkkaStream.Server.Commands;

/// <summary>The words behind "server": at most one file, and any number of overrides, as kafka-server-start takes them.</summary>
sealed record ServerArguments(string? File, IReadOnlyList<string> Overrides, string? VariablePrefix)
{
    public const string Usage = """
        usage: akkastream server [CONFIG] [--override NAME=VALUE]... [--env PREFIX]

          CONFIG    a HOCON file (*.conf), or Kafka's server.properties. Without one the broker listens on
                    127.0.0.1:9092 and keeps its data in ~/.local/share/akkastream
          --override NAME=VALUE
                    sets one property, by Kafka's name or AkkaStream's own; goes before the file. May be repeated

          --env PREFIX
                    takes properties from environment variables, as Kafka's images do: with --env KAFKA_,
                    KAFKA_LOG_RETENTION_HOURS=24 is log.retention.hours. They go before the file too

        SIGTERM or Ctrl-C stops it cleanly; a second one does not wait for requests that are under way.

        """;

    /// <summary>Null when understood, otherwise what is wrong.</summary>
    public static string? Parse(ReadOnlySpan<string> words, out ServerArguments arguments)
    {
        string? file = null, prefix = null;
        var overrides = new List<string>();
        arguments = new ServerArguments(null, overrides, null);
        for (int i = 0; i < words.Length; i++)
        {
            string word = words[i];
            if (word == "--override")
            {
                if (++i == words.Length) return "--override needs name=value behind it";
                overrides.Add(words[i]);
            }
            else if (word == "--env")
            {
                if (++i == words.Length || words[i].Length == 0) return "--env needs a prefix behind it, such as KAFKA_";
                prefix = words[i];
            }
            else if (word.StartsWith("--override=", StringComparison.Ordinal)) overrides.Add(word["--override=".Length..]);
            else if (word.StartsWith('-')) return $"unknown option {word}";
            else if (file is not null) return $"two configuration files, {file} and {word}; settings for one run go behind --override";
            else file = word;
        }
        arguments = new ServerArguments(file, overrides, prefix);
        return null;
    }
}
