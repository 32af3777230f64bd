using System.Text.Json.Nodes;

namespace AkkaStream.TestKit.Twin;

/// <summary>What came of one step.</summary>
public sealed class TwinResult
{
    /// <summary>As decoded.</summary>
    public JsonObject Raw { get; } = [];

    /// <summary>Without what two right brokers may answer differently.</summary>
    public JsonNode? Shown { get; set; }

    /// <summary>Error texts by their place.</summary>
    public SortedDictionary<string, string> Texts { get; } = new(StringComparer.Ordinal);
    public byte[]? Request { get; init; }
    public byte[]? Response { get; set; }

    /// <summary>Why the step could not be played at all.</summary>
    public string? Broken { get; init; }

    /// <summary>The variable that the step needs and nobody captured.</summary>
    public string? Missing { get; init; }

    /// <summary>Why the bytes of the answer are not those that Kafka would write for the same fields.</summary>
    public string? OtherBytes { get; set; }
}
