using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Protocol.Tests.Support;

static class Bytes
{
    public static byte[] Of(IMessage message, short version)
    {
        var bytes = new byte[message.Size(version)];
        var writer = new WireWriter(bytes);
        message.Write(ref writer, version);
        Assert.Equal(0, writer.Remaining);
        return bytes;
    }

    /// <summary>Reads all of the bytes as slices of them.</summary>
    public static IMessage Read(MessageEntry entry, byte[] bytes, short version)
    {
        var reader = new WireReader(bytes.AsMemory());
        IMessage message = entry.Read(ref reader, version);
        reader.ExpectEnd();
        return message;
    }

    /// <summary>Reads as many of the bytes as the message takes, with copies; null where they are no message.</summary>
    public static IMessage? TryRead(MessageEntry entry, ReadOnlySpan<byte> bytes, short version)
    {
        try
        {
            var reader = new WireReader(bytes);
            return entry.Read(ref reader, version);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
