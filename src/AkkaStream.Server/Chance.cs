using System.Buffers.Binary;
using AkkaStream.Log.Cleaning;
using AkkaStream.Protocol;

namespace AkkaStream.Server;

/// <summary>
/// Where the node's random ids come from: the system's generator by way of Guid. The runtime's cryptography would give the same bytes and
/// load a library of several megabytes for them at every start.
/// </summary>
static class Chance
{
    /// <summary>As Kafka's: no id begins with a dash, so that it can follow an option.</summary>
    public static Uuid NewId()
    {
        Span<byte> bytes = stackalloc byte[Uuid.SizeInBytes];
        while (true)
        {
            Guid.NewGuid().TryWriteBytes(bytes, bigEndian: true, out _);
            var id = Uuid.Read(bytes);
            if (!id.ToString().StartsWith('-')) return id;
        }
    }

    /// <summary>A secret for compaction; of each half a few bits are fixed, which leaves more than enough.</summary>
    public static KeyHash NewKeyHash() => new(NewWord(), NewWord());

    static ulong NewWord()
    {
        Span<byte> bytes = stackalloc byte[Uuid.SizeInBytes];
        Guid.NewGuid().TryWriteBytes(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>From 0 on. The first four bytes of such an id hold no fixed bits.</summary>
    public static int NewInt()
    {
        Span<byte> bytes = stackalloc byte[Uuid.SizeInBytes];
        Guid.NewGuid().TryWriteBytes(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes) & int.MaxValue;
    }
}
