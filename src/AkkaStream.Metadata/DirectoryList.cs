using System.Diagnostics.CodeAnalysis;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata;

/// <summary>Log directories in a row, one for each replica of a partition in the replicas' order. See <see cref="ReplicaList"/>.</summary>
[SuppressMessage("Design", "CA1710", Justification = "A list by Kafka's word; it implements no collection interface")]
public readonly struct DirectoryList(Uuid[] directories) : IEquatable<DirectoryList>
{
    readonly Uuid[]? _directories = directories;

    public int Count => _directories?.Length ?? 0;

    public DirectoryId this[int index] => new(Wire[index]);

    /// <summary>For records only, which are written and forgotten.</summary>
    public Uuid[] Wire => _directories ?? [];

    public ReadOnlySpan<Uuid> Span => _directories;

    /// <summary>What stands in records from before directories had ids.</summary>
    public static DirectoryList AllOf(DirectoryId directory, int replicas)
    {
        var directories = new Uuid[replicas];
        Array.Fill(directories, directory.Value);
        return new DirectoryList(directories);
    }

    public bool Equals(DirectoryList other) =>
        ReferenceEquals(_directories, other._directories) || Span.SequenceEqual(other.Span);

    public override bool Equals(object? obj) => obj is DirectoryList other && Equals(other);

    public override int GetHashCode() => Count == 0 ? 0 : HashCode.Combine(Count, Wire[0]);

    public override string ToString() => $"[{string.Join(", ", Wire)}]";

    public static bool operator ==(DirectoryList left, DirectoryList right) => left.Equals(right);

    public static bool operator !=(DirectoryList left, DirectoryList right) => !left.Equals(right);
}
