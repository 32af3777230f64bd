namespace AkkaStream.Protocol;

// How a message is described. The generator reads these attributes and writes reader, writer, size and tables; tests
// read them by reflection for the JSON form. Versions are written as Kafka writes them: "3-13", "9+", "4", "none".
//
// A message is a sealed partial class, its structures are sealed partial classes beside it, reached through properties.
// Order of properties is order on the wire. The property's initializer is the field's default. A C#-nullable type is
// nullable on the wire in every version that has the field, unless [NullableFrom] narrows it. One exception: a tagged
// structure is nullable in C# and never on the wire, because null is how an absent tag reads.

/// <summary>A request. Every request has a response of the same key and versions.</summary>
/// <param name="key">Kafka's number of the API, see <see cref="ApiKey"/>.</param>
/// <param name="versions">All versions that can be read and written.</param>
/// <param name="flexible">The versions with compact lengths and tagged fields.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KafkaRequestAttribute(short key, string versions, string flexible) : Attribute
{
    public short Key { get; } = key;

    public string Versions { get; } = versions;

    public string Flexible { get; } = flexible;

    /// <summary>The versions that may be advertised, where the newest one may still change.</summary>
    public string? Stable { get; init; }
}

[AttributeUsage(AttributeTargets.Class)]
public sealed class KafkaResponseAttribute(short key, string versions, string flexible) : Attribute
{
    public short Key { get; } = key;

    public string Versions { get; } = versions;

    public string Flexible { get; } = flexible;
}

/// <summary>What stands before the body of every request or response.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KafkaHeaderAttribute(string versions, string flexible) : Attribute
{
    public string Versions { get; } = versions;

    public string Flexible { get; } = flexible;
}

/// <summary>A record that ends on disk, or bytes that clients exchange inside other messages.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class KafkaStoredAttribute(StoredKind kind, string versions, string flexible) : Attribute
{
    public StoredKind Kind { get; } = kind;

    public string Versions { get; } = versions;

    public string Flexible { get; } = flexible;

    /// <summary>The record type within its log, 0 for kinds that have none.</summary>
    public short Id { get; init; }

    /// <summary>Kafka's name, where ours differs.</summary>
    public string? Name { get; init; }
}

/// <summary>
/// Which log or file a stored record lives in, and so how its type and version are written before it.
/// </summary>
public enum StoredKind
{
    /// <summary>The body alone: its first field is its version, or whoever stores it knows.</summary>
    Bare,

    /// <summary>Version as int16 before the body; whoever reads it knows the type.</summary>
    Versioned,

    /// <summary>__cluster_metadata: frame version, record type and version, each an unsigned varint.</summary>
    Metadata,

    /// <summary>__consumer_offsets, key: record type as int16.</summary>
    GroupKey,

    /// <summary>__consumer_offsets, value: version as int16; the key tells the type.</summary>
    GroupValue,

    /// <summary>__transaction_state, key.</summary>
    TransactionKey,

    /// <summary>__transaction_state, value.</summary>
    TransactionValue,

    /// <summary>__share_group_state, key.</summary>
    ShareKey,

    /// <summary>__share_group_state, value.</summary>
    ShareValue,

    /// <summary>__remote_log_metadata: framed as <see cref="Metadata"/>.</summary>
    RemoteLog,
}

/// <summary>The versions that have the field; without it all of the message's.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class VersionsAttribute(string versions) : Attribute
{
    public string Versions { get; } = versions;
}

/// <summary>In these versions the field stands in the tagged section at the end; absent means default.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class TaggedAttribute(int tag, string versions) : Attribute
{
    public int Tag { get; } = tag;

    public string Versions { get; } = versions;
}

/// <summary>The versions in which null may be written, where these are not all.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NullableFromAttribute(string versions) : Attribute
{
    public string Versions { get; } = versions;
}

/// <summary>
/// A version without the field may drop a value that is not the default. Without it such a value is refused.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class IgnorableAttribute : Attribute;

/// <summary>
/// Names an element within its array, alone or with others: tools sort and find by it. The wire does not care.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class MapKeyAttribute : Attribute;

/// <summary>Never compact, even in flexible versions: older brokers must be able to read it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeverCompactAttribute : Attribute;
