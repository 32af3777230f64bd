using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace AkkaStream.Log.Checkpoints;

/// <summary>
/// The file `.kafka_cleanshutdown`: written last at a clean stop, taken away as soon as it is read. It carries the broker epoch of the run
/// that ended, so that the next one can prove it lost nothing. Pure: bytes in, epoch out, and back.
/// </summary>
public static class CleanShutdownFile
{
    public const string Name = ".kafka_cleanshutdown";

    /// <summary>The epoch of brokers that never had one, and of files from before they carried it.</summary>
    public const long NoBrokerEpoch = -1;

    public static byte[] Format(long brokerEpoch) =>
        Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"version\":0,\"brokerEpoch\":{brokerEpoch}}}"));

    /// <summary>Whatever the file holds, its being there says that the stop was clean; without a readable epoch there is none.</summary>
    public static long ParseBrokerEpoch(ReadOnlySpan<byte> content)
    {
        // One flat object, which Kafka and we write; a JSON reader would be the slowest part of an empty broker's start.
        ReadOnlySpan<byte> field = "\"brokerEpoch\""u8;
        int at = content.IndexOf(field);
        if (at < 0) return NoBrokerEpoch;
        var rest = content[(at + field.Length)..].TrimStart(" \t\r\n"u8);
        if (rest.IsEmpty || rest[0] != ':') return NoBrokerEpoch;
        rest = rest[1..].TrimStart(" \t\r\n"u8);
        return Utf8Parser.TryParse(rest, out long epoch, out int read) && (read == rest.Length || !char.IsAsciiLetterOrDigit((char)rest[read]))
            ? epoch : NoBrokerEpoch;
    }
}
