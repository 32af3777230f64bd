namespace AkkaStream.Net;

/// <summary>
/// Where frames go: the broker's router, one for each loop, called on the loop's thread only. It must never block and
/// never throw; what throws closes the connection with <see cref="EndReason.InternalError"/>.
/// </summary>
public interface IRequestSink
{
    void OnOpened(Connection connection);

    /// <summary>
    /// A whole request. Its first stage (append, or the read of state) may happen now, at <see cref="OnBatchEnd"/>
    /// (the slot was marked <see cref="ReplySlot.Group"/>), or later: then nothing more of this connection is offered until
    /// <see cref="ReplySlot.FixOrder"/> or <see cref="ReplySlot.Complete"/>.
    /// </summary>
    void OnFrame(Connection connection, Frame frame, ReplySlot slot);

    /// <summary>
    /// Whether this request may be grouped with those that were offered just before it on the same connection. If not,
    /// the batch is ended first, so that it sees what they did.
    /// </summary>
    bool MayJoinGroup(ReadOnlySpan<byte> frame);

    /// <summary>All frames that had arrived were offered: what was grouped is done now, before any reply is sent.</summary>
    void OnBatchEnd();

    /// <summary>Replies of the batch are on their way: now others may be woken (waiting fetches), at no cost to the producer.</summary>
    void OnRepliesSent();

    void OnClosed(Connection connection, EndReason reason);

    /// <summary>The server stops and reads no more: what only waits for something to happen is answered as things stand.</summary>
    void OnDraining();
}
