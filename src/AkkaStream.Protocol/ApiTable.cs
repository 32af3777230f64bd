using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol;

/// <summary>
/// What is true of every API before one looks into a message: versions, header versions, and which class reads it. The
/// numbers come from the attributes of the requests, through the generator. Thread-safe, and free at start.
/// </summary>
public static partial class ApiTable
{
    /// <summary>All versions that can be read and written; none for reserved and unknown keys.</summary>
    public static VersionRange Versions(ApiKey key)
    {
        if (InTable(key)) return new VersionRange(Lowest[(short)key], Highest[(short)key]);
        return PrivateNumbers(key) is { } own ? new VersionRange(own.Lowest, own.Highest) : VersionRange.None;
    }

    /// <summary>
    /// The versions to tell in ApiVersions. Without a newest version that may still change. Produce is told from 0
    /// though only 3 and above are served: librdkafka compresses nothing for a broker whose Produce does not begin at
    /// 0.
    /// </summary>
    public static VersionRange Advertised(ApiKey key)
    {
        if (!InTable(key)) return Versions(key);
        short lowest = key == ApiKey.Produce ? (short)0 : Lowest[(short)key];
        return new VersionRange(lowest, HighestStable[(short)key]);
    }

    /// <summary>Kafka's keys that have messages, in rising order.</summary>
    public static IEnumerable<ApiKey> Known
    {
        get
        {
            for (short key = 0; key < Lowest.Length; key++)
                if (Highest[key] >= 0) yield return (ApiKey)key;
        }
    }

    public static bool IsFlexible(ApiKey key, short version) => InTable(key)
        ? version >= FlexibleFrom[(short)key]
        : PrivateNumbers(key) is { } own && version >= own.FlexibleFrom;

    /// <summary>
    /// Also right for versions that are too new: a flexible header is how all of them begin. That is needed to answer
    /// them with an error.
    /// </summary>
    public static short RequestHeaderVersion(ApiKey key, short version) =>
        IsFlexible(key, version) ? (short)2 : (short)1;

    /// <summary>
    /// The response to ApiVersions keeps its old header in all versions: whoever asks does not know yet what the broker
    /// can do, and must be able to read the answer of any broker.
    /// </summary>
    public static short ResponseHeaderVersion(ApiKey key, short version) =>
        key != ApiKey.ApiVersions && IsFlexible(key, version) ? (short)1 : (short)0;

    /// <exception cref="WireVersionException">No such API or version.</exception>
    /// <exception cref="WireFormatException">The bytes are no such request.</exception>
    public static IRequest ReadRequest(ApiKey key, ref WireReader reader, short version) =>
        ReadKnownRequest(key, ref reader, version)
            ?? throw new WireVersionException($"{key} request", version, VersionRange.None);

    /// <exception cref="WireVersionException">No such API or version.</exception>
    /// <exception cref="WireFormatException">The bytes are no such response.</exception>
    public static IMessage ReadResponse(ApiKey key, ref WireReader reader, short version) =>
        ReadKnownResponse(key, ref reader, version)
            ?? throw new WireVersionException($"{key} response", version, VersionRange.None);

    static bool InTable(ApiKey key) => (ushort)key < (uint)Lowest.Length;
}
