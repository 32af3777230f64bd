namespace AkkaStream.Client.Administration;

/// <summary>A group as a list shows it.</summary>
public sealed record GroupListing(string GroupId, string ProtocolType, string State, string Type);
