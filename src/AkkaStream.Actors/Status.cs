namespace AkkaStream.Actors;

/// <summary>Plain words of success and failure between actors, understood by Ask and PipeTo.</summary>
public static class Status
{
    public sealed record Success(object? Value);

    /// <summary>An ask that gets this as its answer throws the cause.</summary>
    public sealed record Failure(Exception Cause);
}
