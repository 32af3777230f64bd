using System.Globalization;
using System.Text;
using System.Text.Json;

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
        try
        {
            var reader = new Utf8JsonReader(content);
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("brokerEpoch"u8)
                    && reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long epoch))
                    return epoch;
        }
        catch (JsonException)
        {
            // An empty or foreign file: clean, and without an epoch.
        }
        return NoBrokerEpoch;
    }
}
