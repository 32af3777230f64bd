using AkkaStream.Metadata;

namespace AkkaStream.Cluster.Store;

// From EmbeddedStore to its actor; an append travels as the MetadataAppend that it is.

sealed record LoadStore
{
    public static readonly LoadStore Instance = new();
}

sealed record ClaimController
{
    public static readonly ClaimController Instance = new();
}

sealed record BeginWatch(MetadataRevision After, IMetadataWatcher Watcher);

sealed record EndWatch(IMetadataWatcher Watcher);

sealed record TakeLease(string Name);

sealed record ReturnLease(string Name);

/// <summary>No lease was given: somebody else has it.</summary>
sealed record LeaseTaken
{
    public static readonly LeaseTaken Instance = new();
}

sealed record OfferedSnapshot(MetadataImage Image);

/// <summary>The actor to itself, behind all appends that wait already: one sync for all of them.</summary>
sealed record SyncDue
{
    public static readonly SyncDue Instance = new();
}

sealed record CloseStore
{
    public static readonly CloseStore Instance = new();
}

sealed record StoreClosed
{
    public static readonly StoreClosed Instance = new();
}
