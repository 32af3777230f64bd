using AkkaStream.Metadata;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Cluster;

/// <summary>
/// Each new image to each listener, in order, one at a time; then it is what everybody sees. Told by the controller at
/// commit. The image is seen last, so that what it names is served already when a client hears of it.
/// </summary>
public sealed class MetadataPublisher(IReadOnlyList<IMetadataListener> listeners, ILogger trace)
{
    MetadataImage _current = MetadataImage.Empty;
    volatile bool _isBusy;

    /// <summary>The newest image that was published; empty before the first. Any thread.</summary>
    public MetadataImage Current => Volatile.Read(ref _current);

    /// <summary>Listeners are being told; the next image must wait.</summary>
    public bool IsBusy => _isBusy;

    /// <summary>
    /// One call after the other. The delta is used if it leads from the image that was published last; otherwise the
    /// difference is looked up. A listener that fails is named and passed over: the others must go on.
    /// </summary>
    public async ValueTask PublishAsync(MetadataImage image, MetadataDelta delta)
    {
        _isBusy = true;
        if (!ReferenceEquals(delta.Before, Current)) delta = MetadataDelta.Between(Current, image);
        foreach (IMetadataListener listener in listeners)
        {
            try
            {
                await listener.OnMetadata(image, delta).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                ClusterTrace.ListenerFailed(trace, listener.GetType().Name, image.Revision.Value, failure);
            }
        }

        Volatile.Write(ref _current, image);
        _isBusy = false;
    }
}
