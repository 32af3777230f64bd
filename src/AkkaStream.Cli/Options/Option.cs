namespace AkkaStream.Cli.Options;

/// <summary>Whether an option takes a value.</summary>
enum Takes : byte
{
    Nothing,
    Value,

    /// <summary>A value may follow; without one there is a default.</summary>
    MayTakeValue,
}

/// <summary>One option of a tool.</summary>
/// <param name="Name">Without dashes; the present name.</param>
/// <param name="Takes">Whether a value belongs to it.</param>
/// <param name="Text">One sentence for the help.</param>
sealed record Option(string Name, Takes Takes, string Text)
{
    /// <summary>What the value is, for the help.</summary>
    public string Argument { get; init; } = "VALUE";

    /// <summary>Names of earlier generations of Kafka's tools that mean the same.</summary>
    public string[] Older { get; init; } = [];

    /// <summary>Not listed in the help.</summary>
    public bool IsHidden { get; init; }

    /// <summary>It no longer does anything here: the sentence says what to do instead, and using the option is an error.</summary>
    public string? Refusal { get; init; }

    /// <summary>Further values may follow the first one, up to the next option.</summary>
    public bool IsList { get; init; }

    /// <summary>May be given several times.</summary>
    public bool Repeats { get; init; }
}

/// <summary>The command line cannot be understood; the message says what is wrong and how it is written.</summary>
sealed class UsageException(string message) : Exception(message);
