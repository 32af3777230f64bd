using AkkaStream.Protocol;

namespace AkkaStream.Client.Administration;

/// <summary>What became of one item of a request that named several: a value, or why there is none.</summary>
public readonly record struct Outcome<T>(T? Value, KafkaException? Error)
{
    /// <summary>It worked.</summary>
    public bool IsOk => Error is null;

    /// <summary>The value.</summary>
    /// <exception cref="KafkaException">There is none.</exception>
    public T Get() => Error is null && Value is { } value ? value : throw Error ?? new KafkaException(ErrorCode.UnknownServerError);
}

static class Outcome
{
    public static Outcome<T> Ok<T>(T value) => new(value, null);

    public static Outcome<T> Of<T>(ErrorCode code, string what, string? told, Func<T> value) =>
        code == ErrorCode.None ? new(value(), null) : new(default, KafkaException.Of(code, what, told));

    public static Outcome<T> Failed<T>(KafkaException error) => new(default, error);
}

/// <summary>Nothing to tell but that it worked.</summary>
public readonly record struct Done;
