using System.Buffers.Binary;
using System.Text;

namespace AkkaStream.Net;

/// <summary>
/// Recognises who is talking when a length prefix makes no sense. The number that Kafka prints for a TLS hello,
/// 369295616, has cost many people an afternoon; here the log line says what it is and what to change.
/// </summary>
static class FirstBytes
{
    static readonly string[] HttpMethods = ["GET ", "POST", "PUT ", "HEAD", "DELE", "OPTI", "PATC", "CONN", "PRI "];

    public static (EndReason Reason, string Cause) Explain(ReadOnlySpan<byte> four, bool firstOfConnection, int maxBytes)
    {
        int length = BinaryPrimitives.ReadInt32BigEndian(four);
        if (firstOfConnection && four[0] == 0x16 && four[1] == 3)
            return (EndReason.TlsOnPlaintextPort,
                "a TLS client hello arrived on a plaintext listener; set the client's security.protocol to PLAINTEXT, " +
                "or give this listener a TLS protocol in listener.security.protocol.map");
        if (firstOfConnection && HttpMethods.Contains(Encoding.ASCII.GetString(four)))
            return (EndReason.HttpOnKafkaPort,
                "an HTTP request arrived on a port that speaks the Kafka protocol; point a Kafka client at it instead");
        if (length < 0)
            return (EndReason.FrameLengthNegative,
                $"a request announced a length of {length}; this is not the Kafka protocol, or the stream lost its place");
        return (EndReason.FrameTooLarge,
            $"a request announced {length} bytes, more than socket.request.max.bytes = {maxBytes} allows; " +
            "raise it, or lower the client's max.request.size");
    }

    /// <summary>A parting word in the caller's own language, so that its own log tells the cause.</summary>
    public static ReadOnlySpan<byte> Farewell(EndReason reason) => reason switch
    {
        // A fatal alert: protocol_version.
        EndReason.TlsOnPlaintextPort => [0x15, 3, 1, 0, 2, 2, 70],
        EndReason.HttpOnKafkaPort =>
            "HTTP/1.1 400 Bad Request\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\nThis port speaks the Kafka protocol, not HTTP.\n"u8,
        _ => default,
    };
}
