namespace AkkaStream.Protocol.Messages;

// Before the body of every request. The client id keeps its old int16 length in all versions: a broker must be able to
// read the header of an ApiVersions request from any future.
//
// v1   Key, version, correlation id, client id.
// v2   Tagged fields.

[KafkaHeader(versions: "1-2", flexible: "2+")]
public sealed partial class RequestHeader
{
    public short RequestApiKey { get; init; }
    public short RequestApiVersion { get; init; }

    // Comes back in the response.
    public int CorrelationId { get; init; }

    [NeverCompact] public string? ClientId { get; init; } = "";
}
