using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Stored;

/// <summary>The frame around stored records.</summary>
public static partial class StoredTable
{
}
