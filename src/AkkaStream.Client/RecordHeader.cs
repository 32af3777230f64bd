namespace AkkaStream.Client;

/// <summary>A header of a record: a name, and bytes or null.</summary>
public readonly record struct RecordHeader(string Key, RecordBytes Value);
