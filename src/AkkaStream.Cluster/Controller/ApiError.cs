using AkkaStream.Protocol;

namespace AkkaStream.Cluster.Controller;

/// <summary>An error code with the text that goes to the client beside it.</summary>
readonly record struct ApiError(ErrorCode Code, string? Message = null)
{
    public static readonly ApiError None = new(ErrorCode.None);

    public static readonly ApiError UnknownTopic =
        new(ErrorCode.UnknownTopicOrPartition, "This server does not host this topic-partition.");

    public static readonly ApiError UnknownTopicId = new(ErrorCode.UnknownTopicId, "This server does not host this topic ID.");

    public bool IsNone => Code == ErrorCode.None;
}
