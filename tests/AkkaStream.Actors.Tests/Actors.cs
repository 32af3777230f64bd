using AkkaStream.Actors.Supervision;

namespace AkkaStream.Actors.Tests;

/// <summary>Small actors that the tests share.</summary>
sealed class Forwarder(IActorRef to) : UntypedActor
{
    protected override void OnReceive(object message) => to.Forward(message);
}

/// <summary>Answers each message with itself.</summary>
sealed class EchoActor : UntypedActor
{
    protected override void OnReceive(object message) => Reply(message);
}

/// <summary>Does whatever functions it is told, in its own turn, and reports its life to a log.</summary>
class ScriptedActor(List<string>? life = null, SupervisorStrategy? strategy = null) : UntypedActor
{
    public delegate void Order(ScriptedActor self);

    public new IActorRef Self => base.Self;

    public new IActorRef Sender => base.Sender;

    public new ActorContext Context => base.Context;

    public new Timers.ActorTimers Timers => base.Timers;

    public new ActorStash Stash => base.Stash;

    public new void Reply(object message) => base.Reply(message);

    public new ReplyTo DeferReply() => base.DeferReply();

    public new void Become(Action<object> behavior) => base.Become(behavior);

    public Action<object>? OnMessage { get; set; }

    protected internal override SupervisorStrategy SupervisorStrategy() => strategy ?? base.SupervisorStrategy();

    protected override void OnReceive(object message)
    {
        if (message is Order order) order(this);
        else if (OnMessage is not null) OnMessage(message);
        else Unhandled(message);
    }

    protected internal override void PreStart() => life?.Add("PreStart");

    protected internal override void PostStop() => life?.Add("PostStop");

    protected internal override void PreRestart(Exception reason, object? message)
    {
        life?.Add($"PreRestart {reason.Message}");
        base.PreRestart(reason, message);
    }

    protected internal override void PostRestart(Exception reason)
    {
        life?.Add($"PostRestart {reason.Message}");
        base.PostRestart(reason);
    }
}

static class Orders
{
    /// <summary>Lets a scripted actor do something in its next turn.</summary>
    public static void Do(this IActorRef actor, Action<ScriptedActor> order) =>
        actor.Tell(new ScriptedActor.Order(order), null);

    public static void Fail(this IActorRef actor, string reason) =>
        actor.Do(_ => throw new InvalidOperationException(reason));
}
