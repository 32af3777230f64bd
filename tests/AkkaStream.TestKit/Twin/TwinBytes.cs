using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.TestKit.Twin;

/// <summary>
/// Are these the bytes that Kafka writes for what they say? Kafka has one way to write a message: tagged fields in the order of their tags
/// and only where they are not the default, shortest numbers. The generated codec keeps it for every recorded answer (a test of its own),
/// so bytes that it writes back the same are Kafka's.
/// </summary>
public static class TwinBytes
{
    /// <returns>Where they differ; null when they do not.</returns>
    public static string? Compare(MessageEntry message, short version, ReadOnlySpan<byte> bytes)
    {
        try
        {
            var reader = new WireReader(bytes.ToArray().AsMemory());
            var read = message.Read(ref reader, version);
            reader.ExpectEnd();
            var again = new byte[read.Size(version)];
            var writer = new WireWriter(again);
            read.Write(ref writer, version);
            if (bytes.SequenceEqual(again)) return null;
            int at = bytes.CommonPrefixLength(again);
            return $"{message.Name} v{version}: {bytes.Length} bytes, Kafka's way {again.Length}; the first difference is at {at}";
        }
        catch (WireFormatException mistake)
        {
            return $"{message.Name} v{version}: {mistake.Message}";
        }
    }
}
