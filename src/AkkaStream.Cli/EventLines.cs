using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AkkaStream.Cli;

/// <summary>What a verifiable tool tells: one JSON object a line, out at once, with the time and the name of the event first. Any thread.</summary>
sealed class EventLines(CommandIo io)
{
    static readonly JsonWriterOptions AsText = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    readonly Lock _lock = new();
    readonly MemoryStream _line = new();

    public void Write(string name, Action<Utf8JsonWriter>? fields = null)
    {
        lock (_lock)
        {
            _line.SetLength(0);
            using (var json = new Utf8JsonWriter(_line, AsText))
            {
                json.WriteStartObject();
                json.WriteNumber("timestamp", io.Time.GetUtcNow().ToUnixTimeMilliseconds());
                json.WriteString("name", name);
                fields?.Invoke(json);
                json.WriteEndObject();
            }
            io.Output.WriteLine(Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length));
            io.Flush();
        }
    }

    /// <summary>A number that is always written with a point, as Java writes it.</summary>
    public static void WriteDouble(Utf8JsonWriter json, string name, double value)
    {
        string text = value.ToString("R", CultureInfo.InvariantCulture);
        json.WritePropertyName(name);
        json.WriteRawValue(text.AsSpan().ContainsAny('.', 'E') ? text : text + ".0");
    }
}
