using AkkaStream.Actors.Supervision;

namespace AkkaStream.Actors;

/// <summary>
/// The root: parent of /user and /system. Ends the system in order: first the actors of the application, then those
/// that served them. A failure that was escalated up to here ends the system as well.
/// </summary>
sealed class RootGuardian : UntypedActor
{
    readonly ActorCell _user;
    readonly ActorCell _system;

    public RootGuardian(ActorCell user, ActorCell system)
    {
        _user = user;
        _system = system;
    }

    // A guardian fails only when somebody escalated to it; the rest of the system then ends in its usual order.
    protected internal override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(reason =>
    {
        Cell.System.Trace.RootFailed(Cell.System.Name, reason);
        return Directive.Stop;
    })
    {
        LogFailures = false,
    };

    protected internal override void PreStart()
    {
        Context.Watch(_user);
        Context.Watch(_system);
    }

    protected override void OnReceive(object message)
    {
        if (message is not Terminated terminated)
        {
            Unhandled(message);
        }
        else if (terminated.ActorRef == (IActorRef)_user)
        {
            Context.Stop(_system);
        }
        else
        {
            Context.Stop(Self);
        }
    }
}

/// <summary>Parent of what the application makes with system.ActorOf, or of what the system makes for itself.</summary>
sealed class Guardian(SupervisorStrategy strategy) : UntypedActor
{
    protected internal override SupervisorStrategy SupervisorStrategy() => strategy;

    protected override void OnReceive(object message) => Unhandled(message);
}
