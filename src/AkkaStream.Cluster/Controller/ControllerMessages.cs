using AkkaStream.Actors;
using AkkaStream.Cluster.Store;
using AkkaStream.Metadata;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>From <see cref="ControllerClient"/>: a request, and until when an answer is of use.</summary>
/// <param name="Deadline">By the timestamp of the system's clock.</param>
sealed record ControllerCommand(ControllerRequest Request, long Deadline);

/// <summary>From the store: what became of one decision's records.</summary>
sealed record DecisionStored(PendingDecision Decision, AppendOutcome Outcome);

/// <summary>From the publisher: every listener has done its part.</summary>
sealed record ImagePublished(MetadataImage Image);

/// <summary>From the store, after a restart of the controller: all that is committed, or why it cannot be read.</summary>
sealed record StoreLoaded(MetadataImage? Image, string? Problem);

/// <summary>A decision between being made and being answered.</summary>
/// <param name="Image">What holds with it.</param>
/// <param name="Delta">Null if it changes nothing: then it waits only for what it has seen.</param>
sealed class PendingDecision(ControllerRequest request, IMessage response, ReplyTo reply, MetadataImage image, MetadataDelta? delta)
{
    public ControllerRequest Request { get; } = request;

    public IMessage Response { get; } = response;

    public ReplyTo Reply { get; } = reply;

    public MetadataImage Image { get; } = image;

    public MetadataDelta? Delta { get; } = delta;

    public bool IsCommitted { get; set; } = delta is null;
}
