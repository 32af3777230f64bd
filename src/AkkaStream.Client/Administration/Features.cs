namespace AkkaStream.Client.Administration;

/// <summary>A feature of the cluster: the levels that the broker knows, and the one in force; 0 is none.</summary>
public sealed record FeatureDescription(string Name, short Lowest, short Highest, short Level);

/// <summary>All features, and a number that grows with each change of them; -1 if nothing is in force.</summary>
public sealed record ClusterFeatures(long Epoch, IReadOnlyList<FeatureDescription> Features);
