using AkkaStream.Actors.Timers;

namespace AkkaStream.Actors;

/// <summary>Stopping an actor from plain async code, and knowing when it has stopped.</summary>
public static class GracefulStopSupport
{
    /// <summary>
    /// Stops the actor behind the messages that wait already, and is done when it and all below it have stopped; false
    /// when the time-out came first.
    /// </summary>
    /// <param name="actor">Whom to stop.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="stopMessage">What asks it to stop; by default <see cref="PoisonPill"/>.</param>
    public static Task<bool> GracefulStop(this IActorRef actor, TimeSpan timeout, object? stopMessage = null)
    {
        if (actor is not ISystemReceiver receiver)
        {
            throw new ArgumentException($"{actor.Path} is not an actor of this process.", nameof(actor));
        }

        var end = new AwaitedEnd(receiver.System);
        receiver.System.Timers.Schedule(end, timeout);
        receiver.SendSystem(new Watch(end));
        actor.Tell(stopMessage ?? PoisonPill.Instance, null);
        return end.Task;
    }

    sealed class AwaitedEnd(ActorSystem system) : TimerNode, ISystemReceiver
    {
        readonly TaskCompletionSource<bool> _done = new();

        public Task<bool> Task => _done.Task;

        public ActorSystem System => system;

        public ActorPath Path => new($"akka://{system.Name}/temp/stop", 0);

        public void Tell(object message, IActorRef? sender) => system.DeadLetters.Tell(message, sender);

        public void SendSystem(SystemMessage message)
        {
            if (message is not WatchedTerminated) return;
            system.Timers.Cancel(this);
            _done.TrySetResult(true);
        }

        protected internal override void OnDue() => _done.TrySetResult(false);
    }
}
