using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Net.Links;

/// <summary>
/// One request on its way. Exactly one of <see cref="OnReply"/>, <see cref="OnSent"/> (no reply expected) and
/// <see cref="OnFailed"/> is called, on the connection's receiving or sending thread: they must not block, and what they
/// throw ends the connection. A call may be sent once.
/// </summary>
public abstract class LinkCall
{
    internal int CorrelationId;
    internal short Version;
    internal long Deadline;

    public abstract ApiKey Api { get; }

    /// <summary>How long to wait, from the moment it was handed over; null takes the link's request timeout.</summary>
    public virtual TimeSpan? Timeout => null;

    /// <summary>Versions that the caller can write; the newest that the peer serves too is taken.</summary>
    public virtual VersionRange Versions => ApiTable.Advertised(Api);

    /// <summary>Produce with acks=0 has no answer.</summary>
    public virtual bool ExpectsReply => true;

    /// <summary>Nobody waits for it any more: it is dropped if it was not sent yet.</summary>
    protected internal virtual bool IsAbandoned => false;

    /// <summary>Writes the whole frame, with length and header.</summary>
    protected internal abstract void Write(LinkOutput output, short version, int correlationId, string? clientId);

    protected internal abstract void OnReply(in LinkReply reply);

    protected internal virtual void OnSent()
    {
    }

    protected internal abstract void OnFailed(LinkFailure failure);

    /// <summary>For requests that are described as messages.</summary>
    protected static void WriteMessage(LinkOutput output, IRequest request, short version, int correlationId, string? clientId) =>
        Frames.WriteRequest(output.Take(Frames.SizeOfRequest(request, version, clientId)), request, version, correlationId, clientId);
}
