namespace AkkaStream.Protocol.Messages.Private;

// UndoGroupReset: puts back what a group had committed before the last reset, deletion or expiry of its offsets. The group must be empty. Is
// itself a reset, so doing it twice changes nothing.
//
// v0   First version. Flexible.

[KafkaRequest(key: 10002, versions: "0", flexible: "0+")]
public sealed partial class UndoGroupResetRequest
{
    public string GroupId { get; init; } = "";

    // Only tell what would be put back.
    public bool DryRun { get; init; }
}

[KafkaResponse(key: 10002, versions: "0", flexible: "0+")]
public sealed partial class UndoGroupResetResponse
{
    public int ThrottleTimeMs { get; set; }
    public ErrorCode ErrorCode { get; set; }
    public string? ErrorMessage { get; set; }

    public UndoGroupResetResponseOffset[] Offsets { get; set; } = [];
}

public sealed partial class UndoGroupResetResponseOffset
{
    public string Topic { get; set; } = "";
    public int Partition { get; set; }

    // As it was until now, and as it is again; -1 for none.
    public long Before { get; set; }
    public long After { get; set; }
}
