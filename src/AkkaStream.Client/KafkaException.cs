using AkkaStream.Protocol;

namespace AkkaStream.Client;

/// <summary>
/// What could not be done, with Kafka's error code and a sentence that names cause and cure.
/// </summary>
public sealed class KafkaException : Exception
{
    /// <summary>An error with its own words.</summary>
    public KafkaException(ErrorCode error, string message, Exception? inner = null)
        : base(message, inner) => Error = error;

    /// <summary>An error in the words that Kafka's error table has for it.</summary>
    public KafkaException(ErrorCode error)
        : this(error, $"{ErrorCodes.Describe(error).Message} ({ErrorCodes.NameOf(error)}).")
    {
    }

    /// <summary>Kafka's number of the error.</summary>
    public ErrorCode Error { get; }

    /// <summary>The broker's own words where it had some, else what the error means; without what was being done.</summary>
    public string Reason
    {
        get => field ?? Message;
        private init;
    }

    /// <summary>The same request may work a little later.</summary>
    public bool IsRetriable => ErrorCodes.IsRetriable(Error);

    internal static KafkaException Of(ErrorCode error, string what, string? told = null)
    {
        string reason = string.IsNullOrEmpty(told) ? ErrorCodes.Describe(error).Message : told;
        return new KafkaException(error, $"{what}: {reason.TrimEnd('.')} ({ErrorCodes.NameOf(error)}).") { Reason = reason };
    }
}

/// <summary>A client property whose value cannot be used.</summary>
public sealed class KafkaConfigException(string name, string message) : Exception(message)
{
    /// <summary>Kafka's name of the property.</summary>
    public string Name { get; } = name;
}
