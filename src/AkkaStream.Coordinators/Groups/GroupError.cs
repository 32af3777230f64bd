using AkkaStream.Protocol;

namespace AkkaStream.Coordinators.Groups;

/// <summary>Why a request was refused: the code for the client, and Kafka's words for people.</summary>
public readonly record struct GroupError(ErrorCode Code, string? Message = null)
{
    public static readonly GroupError None = new(ErrorCode.None);

    public bool IsNone => Code == ErrorCode.None;

    internal static GroupError Invalid(string message) => new(ErrorCode.InvalidRequest, message);
}
