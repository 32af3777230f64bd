namespace AkkaStream.Protocol;

/// <summary>What is done with old segments; the words of Kafka's cleanup.policy. Settings and logs share it.</summary>
[Flags]
public enum CleanupPolicy : byte
{
    /// <summary>Kept for ever.</summary>
    None = 0,
    Delete = 1,
    Compact = 2,
}
