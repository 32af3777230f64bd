namespace AkkaStream.Protocol.Records;

/// <summary>Whose clock stamps a batch. Frozen: the number is a bit of a batch's attributes.</summary>
public enum TimestampType : byte
{
    CreateTime = 0,
    LogAppendTime = 1,
}
