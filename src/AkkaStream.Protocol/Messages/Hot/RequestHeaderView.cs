using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Messages.Hot;

/// <summary>
/// The header of a request where it lies, read before anything else is known of the frame. Right for versions that are
/// too new as well, and for keys that nobody knows, so that both can be answered with an error. Allocates nothing.
/// </summary>
public readonly ref struct RequestHeaderView
{
    /// <param name="frame">A frame without its length field.</param>
    /// <exception cref="WireFormatException">The bytes are no header.</exception>
    public RequestHeaderView(ReadOnlySpan<byte> frame)
    {
        var reader = new WireReader(frame);
        reader.Enter("RequestHeader", 1);
        ApiKey = (ApiKey)reader.ReadInt16("requestApiKey");
        ApiVersion = reader.ReadInt16("requestApiVersion");
        CorrelationId = reader.ReadInt32("correlationId");
        // Any negative length is none, as on Kafka: a client that cannot write a null here was served all these years.
        int length = reader.ReadInt16("clientId");
        HasClientId = length >= 0;
        ClientId = HasClientId ? reader.Take(length, "clientId") : default;
        if (ApiTable.RequestHeaderVersion(ApiKey, ApiVersion) == 2) reader.SkipTags();
        Length = reader.Position;
    }

    public ApiKey ApiKey { get; }

    public short ApiVersion { get; }

    public int CorrelationId { get; }

    public bool HasClientId { get; }

    /// <summary>In UTF-8. Empty if there is none.</summary>
    public ReadOnlySpan<byte> ClientId { get; }

    /// <summary>Where the body begins.</summary>
    public int Length { get; }
}
