using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Stored;

/// <summary>
/// The frame around stored records, both ways: what stands before the body in a record's key or value, and which class
/// it announces. Called by the coordinators and by the metadata store when they write records and when they replay
/// them. Null is a record type that this version does not know; whoever replays leaves such a record where it is.
/// </summary>
public static partial class StoredTable
{
    /// <summary>The only frame of metadata records there has been.</summary>
    const byte FrameVersion = 1;

    /// <summary>A record value of __cluster_metadata.</summary>
    public static IStoredMessage? ReadMetadata(ReadOnlyMemory<byte> value)
    {
        var reader = new WireReader(value);
        (uint id, short version) = ReadFrame(ref reader);
        return Finish(id > short.MaxValue ? null : ReadMetadata((int)id, ref reader, version), ref reader);
    }

    /// <summary>A record value of __remote_log_metadata.</summary>
    public static IStoredMessage? ReadRemoteLog(ReadOnlyMemory<byte> value)
    {
        var reader = new WireReader(value);
        (uint id, short version) = ReadFrame(ref reader);
        return Finish(id > short.MaxValue ? null : ReadRemoteLog((int)id, ref reader, version), ref reader);
    }

    /// <summary>A record key of __consumer_offsets. Its id tells what the value is.</summary>
    public static IStoredMessage? ReadGroupKey(ReadOnlyMemory<byte> key)
    {
        var reader = new WireReader(key);
        return Finish(ReadGroupKey(reader.ReadInt16("type"), ref reader, 0), ref reader);
    }

    /// <summary>A record value of __consumer_offsets that is not null, behind a key of that type.</summary>
    public static IStoredMessage? ReadGroupValue(short keyId, ReadOnlyMemory<byte> value)
    {
        var reader = new WireReader(value);
        short version = reader.ReadInt16("version");
        return Finish(ReadGroupValue(keyId, ref reader, version), ref reader);
    }

    /// <summary>A record key of __transaction_state.</summary>
    public static IStoredMessage? ReadTransactionKey(ReadOnlyMemory<byte> key)
    {
        var reader = new WireReader(key);
        return Finish(ReadTransactionKey(reader.ReadInt16("type"), ref reader, 0), ref reader);
    }

    public static IStoredMessage? ReadTransactionValue(short keyId, ReadOnlyMemory<byte> value)
    {
        var reader = new WireReader(value);
        short version = reader.ReadInt16("version");
        return Finish(ReadTransactionValue(keyId, ref reader, version), ref reader);
    }

    /// <summary>A record key of __share_group_state.</summary>
    public static IStoredMessage? ReadShareKey(ReadOnlyMemory<byte> key)
    {
        var reader = new WireReader(key);
        return Finish(ReadShareKey(reader.ReadInt16("type"), ref reader, 0), ref reader);
    }

    public static IStoredMessage? ReadShareValue(short keyId, ReadOnlyMemory<byte> value)
    {
        var reader = new WireReader(value);
        short version = reader.ReadInt16("version");
        return Finish(ReadShareValue(keyId, ref reader, version), ref reader);
    }

    /// <summary>
    /// What a consumer told in JoinGroup. Clients may be newer than we: later versions only add fields at the end, so the
    /// newest version that is known reads the beginning, and the rest is left alone.
    /// </summary>
    public static ConsumerProtocolSubscription ReadSubscription(ReadOnlyMemory<byte> metadata)
    {
        var reader = new WireReader(metadata);
        return ConsumerProtocolSubscription.Read(ref reader, ReadClientVersion(ref reader, newest: 3));
    }

    /// <summary>What a consumer was given in SyncGroup; see <see cref="ReadSubscription"/>.</summary>
    public static ConsumerProtocolAssignment ReadAssignment(ReadOnlyMemory<byte> assignment)
    {
        var reader = new WireReader(assignment);
        return ConsumerProtocolAssignment.Read(ref reader, ReadClientVersion(ref reader, newest: 3));
    }

    /// <summary>How many bytes <see cref="Write"/> takes: frame and body.</summary>
    public static int Size(IStoredMessage message, short version) => message.Size(version) + message.Kind switch
    {
        StoredKind.Bare => 0,
        StoredKind.Metadata or StoredKind.RemoteLog =>
            1 + WireSize.UnsignedVarint((uint)message.Id) + WireSize.UnsignedVarint((uint)version),
        _ => 2,
    };

    /// <summary>The message as it stands in a record's key or value. Keys know version 0 only.</summary>
    public static void Write(ref WireWriter writer, IStoredMessage message, short version)
    {
        switch (message.Kind)
        {
            case StoredKind.Bare:
                break;
            case StoredKind.Metadata or StoredKind.RemoteLog:
                writer.WriteUnsignedVarint(FrameVersion);
                writer.WriteUnsignedVarint((uint)message.Id);
                writer.WriteUnsignedVarint((uint)version);
                break;
            case StoredKind.GroupKey or StoredKind.TransactionKey or StoredKind.ShareKey:
                writer.WriteInt16(message.Id);
                break;
            default:
                writer.WriteInt16(version);
                break;
        }

        message.Write(ref writer, version);
    }

    public static byte[] ToBytes(IStoredMessage message, short version)
    {
        var bytes = new byte[Size(message, version)];
        var writer = new WireWriter(bytes);
        Write(ref writer, message, version);
        return bytes;
    }

    static (uint Id, short Version) ReadFrame(ref WireReader reader)
    {
        uint frame = reader.ReadUnsignedVarint("frameVersion");
        if (frame != FrameVersion) throw reader.Fail("frameVersion", $"{frame}, but only {FrameVersion} is known");
        uint id = reader.ReadUnsignedVarint("type");
        uint version = reader.ReadUnsignedVarint("version");
        if (version > short.MaxValue) throw reader.Fail("version", $"{version} is too large");
        return (id, (short)version);
    }

    static short ReadClientVersion(ref WireReader reader, short newest)
    {
        short version = reader.ReadInt16("version");
        return version >= 0 ? Math.Min(version, newest) : throw reader.Fail("version", $"{version}, below 0");
    }

    /// <summary>A stored record fills its key or value; bytes left over mean that it is not what it says.</summary>
    static IStoredMessage? Finish(IStoredMessage? message, ref WireReader reader)
    {
        if (message is not null) reader.ExpectEnd();
        return message;
    }
}
