using System.Collections.Concurrent;
using AkkaStream.Metadata;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

/// <summary>
/// Metadata answers that tell all topics, encoded once for each image: after a restart every client asks for the same. They are made anew when
/// the image, or what is offline here, is another. Any thread; two who come first at once do the work twice and find the same.
/// </summary>
sealed class AllTopicsAnswers
{
    /// <summary>Listeners, versions and wishes differ little; whoever makes up more is answered without being remembered.</summary>
    const int MostRemembered = 64;

    volatile Remembered _remembered = new(MetadataImage.Empty, 0);

    public IMessage Answer(RequestContext context, MetadataRequest asked, MetadataImage image, Func<MetadataResponse> make)
    {
        int offlineChanges = context.Node.Environment.OfflineChanges;
        var remembered = _remembered;
        if (!ReferenceEquals(remembered.Image, image) || remembered.OfflineChanges != offlineChanges)
            _remembered = remembered = new Remembered(image, offlineChanges);
        var key = new Kind(
            context.Version, context.Listener.Name, asked.IncludeTopicAuthorizedOperations, asked.IncludeClusterAuthorizedOperations);
        if (remembered.Answers.TryGetValue(key, out byte[]? encoded)) return new EncodedMessage(encoded);
        var response = make();
        if (remembered.Answers.Count >= MostRemembered) return response;
        encoded = new byte[response.Size(context.Version)];
        var writer = new WireWriter(encoded);
        response.Write(ref writer, context.Version);
        remembered.Answers[key] = encoded;
        return new EncodedMessage(encoded);
    }

    readonly record struct Kind(short Version, string Listener, bool TopicOperations, bool ClusterOperations);

    sealed record Remembered(MetadataImage Image, int OfflineChanges)
    {
        public ConcurrentDictionary<Kind, byte[]> Answers { get; } = new();
    }

    /// <summary>Bytes that are an answer's body already, in the version that they are asked for in.</summary>
    sealed class EncodedMessage(byte[] body) : IMessage
    {
        public int Size(short version) => body.Length;

        public void Write(ref WireWriter writer, short version) => writer.WriteRaw(body);
    }
}
