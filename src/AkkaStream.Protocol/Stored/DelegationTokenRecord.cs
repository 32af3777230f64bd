namespace AkkaStream.Protocol.Stored;

// Metadata log: a delegation token was made or prolonged.

[KafkaStored(StoredKind.Metadata, versions: "0", flexible: "0+", Id = 10)]
public sealed partial class DelegationTokenRecord
{
    public string Owner { get; init; } = "";
    public string Requester { get; init; } = "";
    public string[] Renewers { get; init; } = [];
    public long IssueTimestamp { get; init; }
    public long MaxTimestamp { get; init; }
    public long ExpirationTimestamp { get; init; }
    public string TokenId { get; init; } = "";
}
