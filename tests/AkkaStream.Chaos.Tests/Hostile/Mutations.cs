using System.Buffers.Binary;
using System.Text.Json;
using AkkaStream.TestKit;

namespace AkkaStream.Chaos.Tests.Hostile;

/// <summary>Requests that were once sent to a Kafka, in every API and version, and what chance makes of them.</summary>
sealed class Mutations(Random random)
{
    static readonly Lazy<byte[][]> Recorded = new(() => [.. Directory
        .GetFiles(Path.Combine(GoldenFiles.Root, "twin", "answers", "plain"), "*.jsonl.gz").Order(StringComparer.Ordinal)
        .SelectMany(file => GoldenFiles.Lines(Path.GetRelativePath(GoldenFiles.Root, file)))
        .Where(line => line.TryGetProperty("api", out _) && line.TryGetProperty("request", out _))
        .Select(line => Convert.FromHexString(line.GetProperty("request").GetString()!))
        .Where(frame => frame.Length > 14)]);

    static readonly uint[] Extremes = [0, 1, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff, 0xffff_fffe, 0x0000_ffff, 0x7f7f_7f7f, 0x4000_0000];

    public byte[] Next()
    {
        byte[] frame = (byte[])Any().Clone();
        for (int i = random.Next(1, 4); i > 0; i--) frame = Mutate(frame);

        // Most keep a true length, so that what is inside is looked at.
        if (random.Next(20) > 0) BinaryPrimitives.WriteInt32BigEndian(frame, frame.Length - 4);
        return frame;
    }

    byte[] Any() => Recorded.Value[random.Next(Recorded.Value.Length)];

    /// <summary>Behind the API key and version, in most cases: others are sent away before anything is read.</summary>
    int Place(byte[] frame, int room = 1) => random.Next(random.Next(10) == 0 ? 4 : 8, Math.Max(9, frame.Length - room + 1));

    byte[] Mutate(byte[] frame)
    {
        int at = Math.Min(Place(frame), frame.Length - 1);
        switch (random.Next(6))
        {
            case 0:
                for (int i = random.Next(1, 6); i > 0; i--) frame[Math.Min(Place(frame), frame.Length - 1)] ^= (byte)(1 << random.Next(8));
                return frame;
            case 1: return frame[..Math.Min(frame.Length, Math.Max(8, at))];
            case 2:
                var inserted = new byte[random.Next(1, 40)];
                random.NextBytes(inserted);
                return [.. frame[..at], .. inserted, .. frame[at..]];
            case 3:
                int place = Place(frame, room: 4);
                if (place + 4 <= frame.Length) BinaryPrimitives.WriteUInt32BigEndian(frame.AsSpan(place), Extremes[random.Next(Extremes.Length)]);
                return frame;
            case 4: return [.. frame[..at], .. frame[Math.Min(frame.Length, at + random.Next(1, 20))..]];
            default:
                byte[] other = Any();
                return [.. frame[..at], .. other[random.Next(8, other.Length)..]];
        }
    }
}
