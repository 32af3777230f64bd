namespace AkkaStream.Protocol.Messages;

// Before the body of every response.
//
// v0   Correlation id.
// v1   Tagged fields.

[KafkaHeader(versions: "0-1", flexible: "1+")]
public sealed partial class ResponseHeader
{
    public int CorrelationId { get; init; }
}
