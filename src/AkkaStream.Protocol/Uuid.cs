using System.Buffers;
using System.Buffers.Binary;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;

namespace AkkaStream.Protocol;

/// <summary>
/// 128 bits that name something for ever. On the wire and on disk two big-endian longs, as text 22 letters of URL-safe
/// base64 without padding. No Guid: its mixed byte order is neither of the two. Order is that of two signed longs, as
/// Kafka compares.
/// </summary>
public readonly record struct Uuid(long High, long Low) : IComparable<Uuid>
{
    public const int SizeInBytes = 16;
    const int TextLength = 22;

    public static readonly Uuid Zero = default;

    public static Uuid Read(ReadOnlySpan<byte> bytes) =>
        new(BinaryPrimitives.ReadInt64BigEndian(bytes), BinaryPrimitives.ReadInt64BigEndian(bytes[8..]));

    public void Write(Span<byte> to)
    {
        BinaryPrimitives.WriteInt64BigEndian(to, High);
        BinaryPrimitives.WriteInt64BigEndian(to[8..], Low);
    }

    /// <summary>
    /// From 16 random bytes that the caller brings, because chance is the caller's. The same bytes give the same id.
    /// </summary>
    public static Uuid FromRandom(ReadOnlySpan<byte> random)
    {
        Span<byte> bytes = stackalloc byte[SizeInBytes];
        random[..SizeInBytes].CopyTo(bytes);

        // Version 4 and variant 2, so that other tools recognise a random id. It is never a reserved one then.
        bytes[6] = (byte)((bytes[6] & 0x0f) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3f) | 0x80);

        // Letter 62 is the dash: a text that began with it would look like an option to command line tools.
        if (bytes[0] >> 2 == 62) bytes[0] ^= 0x80;
        return Read(bytes);
    }

    /// <summary>Accepts padding too: it is found in hand-written files.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Uuid id)
    {
        id = default;
        if (text is null || text.Length is < TextLength or > TextLength + 2) return false;
        Span<byte> bytes = stackalloc byte[SizeInBytes + 2];
        OperationStatus status = Base64Url.DecodeFromChars(text, bytes, out int read, out int written);
        if (status != OperationStatus.Done || read != text.Length || written != SizeInBytes) return false;

        // The decoder passes over white space.
        if (text.AsSpan().ContainsAny(" \t\r\n")) return false;
        id = Read(bytes);
        return true;
    }

    public static Uuid Parse(string text) =>
        TryParse(text, out Uuid id) ? id : throw new FormatException($"'{text}' is no id: 22 letters of base64url are");

    public int CompareTo(Uuid other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[SizeInBytes];
        Write(bytes);
        return Base64Url.EncodeToString(bytes);
    }
}

/// <summary>Names one topic, apart from any other that had or will have the same name.</summary>
public readonly record struct TopicId(Uuid Value) : IComparable<TopicId>
{
    /// <summary>All zero on the wire: the topic is told by name, or it is not known.</summary>
    public static readonly TopicId Zero = default;

    /// <summary>The reserved id of <c>__cluster_metadata</c>.</summary>
    public static readonly TopicId ClusterMetadata = new(new Uuid(0, 1));

    public TopicId(long high, long low)
        : this(new Uuid(high, low))
    {
    }

    public bool IsZero => Value == default;

    public static bool TryParse([NotNullWhen(true)] string? text, out TopicId id)
    {
        bool parsed = Uuid.TryParse(text, out Uuid value);
        id = new TopicId(value);
        return parsed;
    }

    public static TopicId Parse(string text) => new(Uuid.Parse(text));

    public static TopicId Read(ReadOnlySpan<byte> bytes) => new(Uuid.Read(bytes));

    public void Write(Span<byte> to) => Value.Write(to);

    public int CompareTo(TopicId other) => Value.CompareTo(other.Value);

    public override string ToString() => Value.ToString();
}

/// <summary>Names one log directory of one broker (KIP-858).</summary>
public readonly record struct DirectoryId(Uuid Value)
{
    /// <summary>No directory has been chosen yet.</summary>
    public static readonly DirectoryId Unassigned = default;

    /// <summary>The directory is offline, or was never told.</summary>
    public static readonly DirectoryId Lost = new(new Uuid(0, 1));

    /// <summary>The replica is from before directories had ids.</summary>
    public static readonly DirectoryId Migrating = new(new Uuid(0, 2));

    /// <summary>Ids below 100 stand for something else than a directory.</summary>
    public bool IsReserved => Value.High == 0 && Value.Low is >= 0 and < 100;

    public static DirectoryId Parse(string text) => new(Uuid.Parse(text));

    public override string ToString() => Value.ToString();
}
