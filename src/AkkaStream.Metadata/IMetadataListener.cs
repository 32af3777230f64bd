namespace AkkaStream.Metadata;

/// <summary>
/// Whoever lives by the metadata: replicas, coordinators, caches. Called by Cluster's publisher with every new image, one
/// after the other, never two at once; the task ends when what the change asks for has been done, because an answered
/// CreateTopics promises that the new replicas take writes.
/// </summary>
public interface IMetadataListener
{
    /// <summary>The delta leads from the image of the call before (at first: from the empty one) to this one.</summary>
    ValueTask OnMetadata(MetadataImage image, MetadataDelta delta);
}
