using System.Numerics;

namespace AkkaStream.Protocol.Records;

/// <summary>
/// The zigzag varints inside records (not the unsigned ones of flexible messages). Reading never looks beyond the span
/// and refuses a number that is longer than its type can need: such a number is damage, not data.
/// </summary>
public static class RecordVarint
{
    public const int MaxLength32 = 5;
    public const int MaxLength64 = 10;

    public static int SizeOf(int value) => SizeOfRaw((uint)((value << 1) ^ (value >> 31)));

    public static int SizeOf(long value) => SizeOfRaw((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Bytes used, or 0 when the span ends too early or the number is too long.</summary>
    public static int TryRead(ReadOnlySpan<byte> from, out int value)
    {
        uint raw = 0;
        int most = Math.Min(from.Length, MaxLength32);
        for (int i = 0; i < most; i++)
        {
            byte next = from[i];
            raw |= (uint)(next & 0x7f) << (7 * i);
            if (next >= 0x80) continue;
            value = (int)(raw >> 1) ^ -(int)(raw & 1);
            return i + 1;
        }
        value = 0;
        return 0;
    }

    /// <summary>Bytes used, or 0 when the span ends too early or the number is too long.</summary>
    public static int TryRead(ReadOnlySpan<byte> from, out long value)
    {
        ulong raw = 0;
        int most = Math.Min(from.Length, MaxLength64);
        for (int i = 0; i < most; i++)
        {
            byte next = from[i];
            raw |= (ulong)(next & 0x7f) << (7 * i);
            if (next >= 0x80) continue;
            value = (long)(raw >> 1) ^ -(long)(raw & 1);
            return i + 1;
        }
        value = 0;
        return 0;
    }

    /// <summary>Bytes written; the span must hold <see cref="SizeOf(int)"/>.</summary>
    public static int Write(Span<byte> to, int value) => WriteRaw(to, (uint)((value << 1) ^ (value >> 31)));

    /// <summary>Bytes written; the span must hold <see cref="SizeOf(long)"/>.</summary>
    public static int Write(Span<byte> to, long value) => WriteRaw(to, (ulong)((value << 1) ^ (value >> 63)));

    static int SizeOfRaw(ulong raw) => (70 - BitOperations.LeadingZeroCount(raw | 1)) / 7;

    static int WriteRaw(Span<byte> to, ulong raw)
    {
        int at = 0;
        while (raw >= 0x80)
        {
            to[at++] = (byte)(raw | 0x80);
            raw >>= 7;
        }
        to[at++] = (byte)raw;
        return at;
    }
}
