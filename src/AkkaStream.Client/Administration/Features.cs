using AkkaStream.Protocol;

namespace AkkaStream.Client.Administration;

/// <summary>A feature of the cluster: the levels that the broker knows, and the one in force; 0 is none.</summary>
public sealed record FeatureDescription(string Name, short Lowest, short Highest, short Level);

/// <summary>All features, and a number that grows with each change of them; -1 if nothing is in force.</summary>
public sealed record ClusterFeatures(long Epoch, IReadOnlyList<FeatureDescription> Features);

/// <summary>Which way a level may go.</summary>
public enum FeatureChange : sbyte
{
    /// <summary>Up.</summary>
    Upgrade = 1,

    /// <summary>Down, as long as nothing is lost.</summary>
    SafeDowngrade = 2,

    /// <summary>Down, whatever is lost.</summary>
    UnsafeDowngrade = 3,
}

/// <summary>The level that a feature shall have; 0 switches it off.</summary>
public sealed record FeatureUpdate(short Level, FeatureChange Change);

/// <summary>The nodes that keep the metadata: who leads, and how far its log is kept by all.</summary>
public sealed record QuorumDescription(
    int Leader, int LeaderEpoch, long HighWatermark, IReadOnlyList<QuorumReplica> Voters, IReadOnlyList<QuorumReplica> Observers);

/// <summary>One of them; times in milliseconds since 1970, -1 where they are not known.</summary>
public sealed record QuorumReplica(
    int Id, Uuid Directory, long LogEnd, long LastFetch, long LastCaughtUp, IReadOnlyList<string> Endpoints);
