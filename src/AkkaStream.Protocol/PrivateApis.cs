namespace AkkaStream.Protocol;

/// <summary>
/// Requests that only AkkaStream knows: framed as Kafka's, under keys far beyond Kafka's, and told to nobody who asks for ApiVersions, so that no
/// client of Kafka meets them by chance. Frozen, as Kafka's are.
/// </summary>
public static class PrivateApis
{
    public const short FirstKey = 10_000;

    /// <summary>See <see cref="Messages.Private.GroupHistoryRequest"/>.</summary>
    public const ApiKey GroupHistory = (ApiKey)10_001;

    /// <summary>See <see cref="Messages.Private.UndoGroupResetRequest"/>.</summary>
    public const ApiKey UndoGroupReset = (ApiKey)10_002;

    public static bool IsPrivate(ApiKey key) => (short)key >= FirstKey;
}
