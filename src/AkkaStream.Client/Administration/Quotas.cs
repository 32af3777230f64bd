namespace AkkaStream.Client.Administration;

/// <summary>
/// Whom a quota holds for: names by type (user, client-id, ip); a null name stands for all of the type that have none of their own.
/// </summary>
public sealed class QuotaEntity(IReadOnlyDictionary<string, string?> names) : IEquatable<QuotaEntity>
{
    /// <summary>Names by type.</summary>
    public IReadOnlyDictionary<string, string?> Names { get; } = names;

    /// <summary>The same types with the same names.</summary>
    public bool Equals(QuotaEntity? other) =>
        other is not null && Names.Count == other.Names.Count && Names.All(n => other.Names.TryGetValue(n.Key, out var name) && name == n.Value);

    /// <summary>The same types with the same names.</summary>
    public override bool Equals(object? obj) => Equals(obj as QuotaEntity);

    /// <summary>By types and names.</summary>
    public override int GetHashCode()
    {
        int hash = 0;
        foreach (var (type, name) in Names) hash ^= HashCode.Combine(type, name);
        return hash;
    }
}

/// <summary>How SCRAM passwords are hashed. The numbers are Kafka's.</summary>
public enum ScramMechanism : sbyte
{
    /// <summary>Not known here.</summary>
    Unknown = 0,

    /// <summary>SCRAM-SHA-256</summary>
    Sha256 = 1,

    /// <summary>SCRAM-SHA-512</summary>
    Sha512 = 2,
}

/// <summary>A SCRAM credential without its secret.</summary>
public readonly record struct ScramCredential(ScramMechanism Mechanism, int Iterations);
