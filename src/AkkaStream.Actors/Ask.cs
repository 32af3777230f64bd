namespace AkkaStream.Actors;

/// <summary>
/// A question with its answer as a task. Made for the border between plain async code and actors; between actors, tell
/// and receive, or <c>Ask(..).PipeTo(Self)</c>.
/// </summary>
public static class AskSupport
{
    /// <summary>
    /// Tells the message and completes with the answer. When the target runs inline and answers within its turn, the
    /// task is complete when this returns, and nothing was waited for. In the steady state nothing is allocated, as long
    /// as the target answers with Reply or DeferReply. Await the task once and only once.
    ///
    /// Fails with <see cref="AskTimeoutException"/> after the time-out, and at once with <see cref="AskFailedException"/>
    /// when it is certain that no answer can come: the target has stopped, its mailbox is full, or it handled the
    /// message without answering and without keeping the sender. A <see cref="Status.Failure"/> throws its cause.
    /// </summary>
    /// <remarks>A continuation that had to wait runs on the system's default dispatcher, never inside the answering
    /// actor's turn.</remarks>
    public static ValueTask<T> Ask<T>(
        this IActorRef target, object message, TimeSpan timeout, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(message);
        if (timeout <= TimeSpan.Zero)
        {
            throw new ArgumentOutOfRangeException(nameof(timeout), timeout, "An ask needs a time-out above zero.");
        }

        if (cancellation.IsCancellationRequested) return ValueTask.FromCanceled<T>(cancellation);
        var ask = AskRef<T>.Rent();
        var task = ask.Begin(target, message, timeout, cancellation);
        target.Tell(message, ask);
        return task;
    }
}
