namespace AkkaStream.Protocol.Messages;

// AlterUserScramCredentials: sets and removes SCRAM credentials (KIP-554).
//
// v0   First version. Flexible.

[KafkaRequest(key: 51, versions: "0", flexible: "0+")]
public sealed partial class AlterUserScramCredentialsRequest
{
    public AlterUserScramCredentialsRequestDeletion[] Deletions { get; init; } = [];
    public AlterUserScramCredentialsRequestUpsertion[] Upsertions { get; init; } = [];
}

public sealed partial class AlterUserScramCredentialsRequestDeletion
{
    public string Name { get; init; } = "";
    public sbyte Mechanism { get; init; }
}

public sealed partial class AlterUserScramCredentialsRequestUpsertion
{
    public string Name { get; init; } = "";

    // 1 SCRAM-SHA-256, 2 SCRAM-SHA-512.
    public sbyte Mechanism { get; init; }

    public int Iterations { get; init; }
    public ReadOnlyMemory<byte> Salt { get; init; }
    public ReadOnlyMemory<byte> SaltedPassword { get; init; }
}

[KafkaResponse(key: 51, versions: "0", flexible: "0+")]
public sealed partial class AlterUserScramCredentialsResponse
{
    public int ThrottleTimeMs { get; set; }
    public AlterUserScramCredentialsResponseResult[] Results { get; set; } = [];
}

public sealed partial class AlterUserScramCredentialsResponseResult
{
    public string User { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
}
