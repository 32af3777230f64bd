using AkkaStream.Protocol.Wire;

namespace AkkaStream.Coordinators;

/// <summary>One record for a coordinator's partition. Without a value it is a tombstone.</summary>
public readonly record struct StoredRecord(IStoredMessage Key, IStoredMessage? Value, short ValueVersion)
{
    public static StoredRecord Tombstone(IStoredMessage key) => new(key, null, 0);
}
