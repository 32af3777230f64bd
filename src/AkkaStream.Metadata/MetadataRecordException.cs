namespace AkkaStream.Metadata;

/// <summary>
/// A metadata record that does not fit to what came before it: a partition of a topic that is not there, a gap between
/// partitions. Whoever replays a store stops with it; records that the controller made itself never cause it.
/// </summary>
public sealed class MetadataRecordException(string message) : Exception(message);
