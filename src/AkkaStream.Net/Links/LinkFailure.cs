namespace AkkaStream.Net.Links;

public enum LinkFailureKind : byte
{
    /// <summary>No connection could be made.</summary>
    NotConnected,

    /// <summary>No connection could be made, because the host's name is not known here.</summary>
    UnknownHost,

    /// <summary>The connection ended before the answer came.</summary>
    Disconnected,

    /// <summary>The answer did not come in time.</summary>
    TimedOut,

    /// <summary>The two sides have no version of the API in common.</summary>
    Unsupported,

    /// <summary>The peer does not speak the protocol, or its answer cannot be read.</summary>
    Malformed,

    /// <summary>The peer refused who we are.</summary>
    NotAuthenticated,

    /// <summary>The caller closed the link or gave the request up.</summary>
    Closed,
}

/// <summary>Why a request got no answer.</summary>
/// <param name="MayHaveArrived">The request was sent, so the peer may have carried it out.</param>
public sealed record LinkFailure(LinkFailureKind Kind, string Text, bool MayHaveArrived = false)
{
    /// <summary>Another try, perhaps at another broker, may work.</summary>
    public bool IsTransient =>
        Kind is LinkFailureKind.NotConnected or LinkFailureKind.UnknownHost or LinkFailureKind.Disconnected or LinkFailureKind.TimedOut;

    public LinkFailure AfterSending() => MayHaveArrived ? this : this with { MayHaveArrived = true };
}

/// <summary>A request got no answer: the environment broke, not the request.</summary>
public sealed class LinkException(LinkFailure failure) : IOException(failure.Text)
{
    public LinkFailure Failure { get; } = failure;
}
