namespace AkkaStream.Actors;

/// <summary>
/// Brings the result of work back as a message: the way in which an actor waits. The message arrives in some later
/// turn, and the state may have changed until then, so it should carry what the receiver needs to notice that.
/// </summary>
public static class PipeToSupport
{
    /// <summary>
    /// Tells the recipient the result, or <see cref="Status.Failure"/>. Work that is done already is told at once.
    /// </summary>
    /// <param name="task">The work.</param>
    /// <param name="recipient">Usually Self, read before the work began.</param>
    /// <param name="sender">Whom the recipient sees as the sender.</param>
    /// <param name="success">Makes the message from the result; without it the result itself is the message.</param>
    /// <param name="failure">Makes the message from the exception.</param>
    public static void PipeTo<T>(
        this ValueTask<T> task, IActorRef recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        new Pending<T>(task, recipient, sender, success, failure).Begin();
    }

    public static void PipeTo<T>(
        this Task<T> task, IActorRef recipient, IActorRef? sender = null,
        Func<T, object>? success = null, Func<Exception, object>? failure = null) =>
        new ValueTask<T>(task).PipeTo(recipient, sender, success, failure);

    /// <summary>The same for work without a result; without <paramref name="success"/> only its failure is told.</summary>
    public static void PipeTo(
        this ValueTask task, IActorRef recipient, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null)
    {
        ArgumentNullException.ThrowIfNull(recipient);
        new Pending(task, recipient, sender, success, failure).Begin();
    }

    public static void PipeTo(
        this Task task, IActorRef recipient, IActorRef? sender = null,
        Func<object>? success = null, Func<Exception, object>? failure = null) =>
        new ValueTask(task).PipeTo(recipient, sender, success, failure);

    // Written out, not as async methods: the compiler's state machines are compiled anew in every process, and work that is done
    // already needs none.
    sealed class Pending<T>(
        ValueTask<T> task, IActorRef recipient, IActorRef? sender, Func<T, object>? success, Func<Exception, object>? failure)
    {
        public void Begin()
        {
            var awaiter = task.ConfigureAwait(false).GetAwaiter();
            if (awaiter.IsCompleted) End();
            else awaiter.UnsafeOnCompleted(End);
        }

        void End()
        {
            object message;
            try
            {
                var result = task.ConfigureAwait(false).GetAwaiter().GetResult();
                message = success is not null
                    ? success(result)
                    : result ?? throw new InvalidOperationException("The result is null, which cannot be told.");
            }
            catch (Exception reason)
            {
                message = Failed(reason, failure);
            }

            recipient.Tell(message, sender);
        }
    }

    sealed class Pending(
        ValueTask task, IActorRef recipient, IActorRef? sender, Func<object>? success, Func<Exception, object>? failure)
    {
        public void Begin()
        {
            var awaiter = task.ConfigureAwait(false).GetAwaiter();
            if (awaiter.IsCompleted) End();
            else awaiter.UnsafeOnCompleted(End);
        }

        void End()
        {
            object? message;
            try
            {
                task.ConfigureAwait(false).GetAwaiter().GetResult();
                message = success?.Invoke();
            }
            catch (Exception reason)
            {
                message = Failed(reason, failure);
            }

            if (message is not null) recipient.Tell(message, sender);
        }
    }

    // A mapping that throws must not lose the failure that it was given.
    static object Failed(Exception reason, Func<Exception, object>? failure)
    {
        if (failure is null) return new Status.Failure(reason);
        try
        {
            return failure(reason);
        }
        catch (Exception second)
        {
            return new Status.Failure(new AggregateException(reason, second));
        }
    }
}
