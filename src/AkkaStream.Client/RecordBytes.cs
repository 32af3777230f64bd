using System.Text;

namespace AkkaStream.Client;

/// <summary>
/// Key, value or header value of a record: bytes, or null, which is not the same as no bytes. Arrays and memory convert to it by
/// themselves, and a null array stays null.
/// </summary>
public readonly struct RecordBytes : IEquatable<RecordBytes>
{
    readonly ReadOnlyMemory<byte> _memory;

    /// <summary>These bytes; for null take the default.</summary>
    public RecordBytes(ReadOnlyMemory<byte> bytes)
    {
        _memory = bytes;
        HasValue = true;
    }

    /// <summary>Null.</summary>
    public static RecordBytes Null => default;

    /// <summary>It is not null.</summary>
    public bool HasValue { get; }

    /// <summary>It is null.</summary>
    public bool IsNull => !HasValue;

    /// <summary>The bytes; none for null.</summary>
    public ReadOnlyMemory<byte> Memory => _memory;

    /// <summary>The bytes; none for null.</summary>
    public ReadOnlySpan<byte> Span => _memory.Span;

    /// <summary>How many bytes; 0 for null.</summary>
    public int Length => _memory.Length;

    /// <summary>A text in UTF-8.</summary>
    public static RecordBytes Utf8(string? text) => text is null ? default : new RecordBytes(Encoding.UTF8.GetBytes(text));

    /// <summary>A null array stays null.</summary>
    public static implicit operator RecordBytes(byte[]? bytes) => bytes is null ? default : new RecordBytes(bytes);

    /// <summary>These bytes.</summary>
    public static implicit operator RecordBytes(ReadOnlyMemory<byte> bytes) => new(bytes);

    /// <summary>These bytes.</summary>
    public static implicit operator RecordBytes(Memory<byte> bytes) => new(bytes);

    /// <summary>These bytes, or null.</summary>
    public static implicit operator RecordBytes(ReadOnlyMemory<byte>? bytes) => bytes is { } some ? new RecordBytes(some) : default;

    /// <summary>A copy in an array of its own, or null.</summary>
    public byte[]? ToArray() => HasValue ? _memory.ToArray() : null;

    /// <summary>The bytes as UTF-8; null for null.</summary>
    public string? ToText() => HasValue ? Encoding.UTF8.GetString(_memory.Span) : null;

    /// <summary>The bytes as UTF-8, and "null" for null.</summary>
    public override string ToString() => ToText() ?? "null";

    /// <summary>Both null, or the same bytes.</summary>
    public bool Equals(RecordBytes other) => HasValue == other.HasValue && Span.SequenceEqual(other.Span);

    /// <summary>Both null, or the same bytes.</summary>
    public override bool Equals(object? obj) => obj is RecordBytes other && Equals(other);

    /// <summary>By the bytes.</summary>
    public override int GetHashCode() => HasValue ? Partitioning.Murmur2(Span) : 0;

    /// <summary>Both null, or the same bytes.</summary>
    public static bool operator ==(RecordBytes left, RecordBytes right) => left.Equals(right);

    /// <summary>Not the same.</summary>
    public static bool operator !=(RecordBytes left, RecordBytes right) => !left.Equals(right);
}
