using AkkaStream.Protocol.Records;

namespace AkkaStream.Log.Dump;

/// <summary>Turns a record's key or value into text; null prints the bytes as UTF-8. For the decoders of internal topics.</summary>
public delegate (string? Key, string? Payload)? RecordDecoder(in Record record);

/// <summary>The options of Kafka's dump tool that concern what is printed.</summary>
public sealed record DumpOptions
{
    public bool PrintsData { get; init; }
    public bool IsDeep { get; init; }
    public bool SkipsMetadata { get; init; }
    public bool VerifiesIndexOnly { get; init; }
    public bool ChecksIndexSanity { get; init; }
    public int MaxBytes { get; init; } = int.MaxValue;
    public RecordDecoder? Decoder { get; init; }
}
