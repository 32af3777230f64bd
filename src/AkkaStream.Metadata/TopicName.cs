using System.Buffers;

namespace AkkaStream.Metadata;

/// <summary>What a topic may be called. Called by the controller and by every handler that takes a name from a client.</summary>
public static class TopicName
{
    public const int MaxLength = 249;

    public const string ConsumerOffsets = "__consumer_offsets";
    public const string TransactionState = "__transaction_state";
    public const string ShareGroupState = "__share_group_state";

    /// <summary>The metadata log of Kafka's quorum: no topic of ours, and nobody may create one of its name.</summary>
    public const string ClusterMetadata = "__cluster_metadata";

    static readonly SearchValues<char> Allowed =
        SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");

    /// <summary>Topics that the broker keeps for itself: hidden by tools unless asked for, written by coordinators only.</summary>
    public static bool IsInternal(string name) => name is ConsumerOffsets or TransactionState or ShareGroupState;

    /// <summary>Why the name is none, in the words that Kafka answers with; null if it is one.</summary>
    public static string? FindProblem(string name)
    {
        if (name.Length == 0) return "Topic name is invalid: the empty string is not allowed";
        if (name is "." or "..") return $"Topic name is invalid: '{name}' is not allowed";
        if (name.Length > MaxLength)
            return $"Topic name is invalid: the length of '{name}' is longer than the max allowed length {MaxLength}";
        return name.AsSpan().ContainsAnyExcept(Allowed)
            ? $"Topic name is invalid: '{name}' contains one or more characters other than ASCII alphanumerics, '.', '_' and '-'"
            : null;
    }
}
