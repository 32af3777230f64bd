namespace AkkaStream.Protocol.Messages;

// DescribeUserScramCredentials: which users have SCRAM credentials, without the secrets (KIP-554).
//
// v0   First version. Flexible.

[KafkaRequest(key: 50, versions: "0", flexible: "0+")]
public sealed partial class DescribeUserScramCredentialsRequest
{
    // Null or empty for all.
    public DescribeUserScramCredentialsRequestUser[]? Users { get; init; } = [];
}

public sealed partial class DescribeUserScramCredentialsRequestUser
{
    public string Name { get; init; } = "";
}

[KafkaResponse(key: 50, versions: "0", flexible: "0+")]
public sealed partial class DescribeUserScramCredentialsResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public DescribeUserScramCredentialsResponseUser[] Results { get; set; } = [];
}

public sealed partial class DescribeUserScramCredentialsResponseUser
{
    public string User { get; set; } = "";
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; } = "";
    public DescribeUserScramCredentialsResponseCredential[] CredentialInfos { get; set; } = [];
}

public sealed partial class DescribeUserScramCredentialsResponseCredential
{
    public sbyte Mechanism { get; set; }
    public int Iterations { get; set; }
}
