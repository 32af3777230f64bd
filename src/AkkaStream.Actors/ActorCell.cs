using AkkaStream.Actors.Dispatch;
using AkkaStream.Actors.Mailboxes;
using AkkaStream.Actors.Supervision;
using AkkaStream.Actors.Timers;

namespace AkkaStream.Actors;

/// <summary>
/// One actor as the kernel sees it: its address, its mailbox and its life, in one object, because a node has tens of
/// thousands of them and most are idle (about 180 bytes; what few actors need lies in <see cref="CellParts"/>). User
/// code holds it as an IActorRef and cannot see more. Tell and SendSystem come from any thread; all else runs in the
/// cell's own turn, one thread at a time, unless said otherwise.
///
/// This part: making, addressing, telling. Beside it: .Turn (running messages), .Children, .Failure, .Watch.
/// </summary>
sealed partial class ActorCell : ISystemReceiver, IThreadPoolWorkItem
{
    // The cell whose factory is running, until the new actor's constructor has taken it.
    [ThreadStatic] static ActorCell? t_constructing;

    readonly string _name;
    readonly ActorSystem _system;
    readonly ActorCell? _parent;
    readonly Dispatcher _dispatcher;
    readonly int _uid;
    readonly bool _runsInline;
    Mailbox _mailbox;
    volatile Life _life;
    bool _prependPending;
    short _suspensions;
    Actor? _actor;
    CellParts? _parts;

    public ActorCell(ActorSystem system, ActorCell? parent, Props props, string name)
    {
        _system = system;
        _parent = parent;
        Props = props;
        _name = name;
        _uid = system.NextUid();
        _dispatcher = system.Dispatchers.For(props);
        _runsInline = _dispatcher is InlineDispatcher;
        _mailbox = new Mailbox(props.Mailbox.Capacity);
    }

    enum Life : byte
    {
        /// <summary>Not made yet; the first turn does it.</summary>
        New,
        Alive,

        /// <summary>Waits for children to stop, then a new object takes over.</summary>
        Restarting,

        /// <summary>Waits for children to stop, then dies.</summary>
        Stopping,
        Dead,
    }

    /// <summary>Whose turn this thread is running.</summary>
    public static ActorCell? Current => Turn.Current?.Cell;

    public ActorSystem System => _system;

    public Props Props { get; }

    public ActorCell? Parent => _parent;

    public Dispatcher Dispatcher => _dispatcher;

    public string Name => _name;

    public Actor? Actor => _actor;

    /// <summary>On any thread; once true, for ever.</summary>
    public bool IsTerminated => _life == Life.Dead;

    public ActorPath Path => new(PathText(), _uid);

    public ActorTimers Timers => Parts.Timers ??= new ActorTimers(this);

    public ActorStash Stash => Parts.Stash ??= new ActorStash(this, _system.Settings.StashCapacity);

    CellParts Parts => _parts ??= new CellParts();

    /// <summary>Called by the constructor of every actor: an actor exists only inside its cell.</summary>
    public static ActorCell ClaimConstruction(Actor actor)
    {
        var cell = t_constructing ?? throw new InvalidOperationException(
            $"{actor.GetType().Name} was made by new. An actor is made by ActorOf(Props.Create(() => new ..)), "
            + "with exactly one new in the factory.");
        t_constructing = null;
        return cell;
    }

    /// <summary>Gives the new cell its first turn. Once, by whoever made it.</summary>
    public void Start() => _dispatcher.Schedule(this);

    public void Tell(object message, IActorRef? sender)
    {
        ArgumentNullException.ThrowIfNull(message);
        switch (_mailbox.Offer(message, sender, _runsInline && InlineTurns.MayBegin))
        {
            case Offer.Queued:
                break;
            case Offer.Schedule:
                _dispatcher.Schedule(this);
                break;
            case Offer.RunHere:
                InlineTurns.Run(this, new Envelope(message, sender));
                break;
            case Offer.Full:
                Refuse(message, sender);
                break;
            case Offer.Closed:
                TellDead(message, sender);
                break;
        }
    }

    public void SendSystem(SystemMessage message)
    {
        switch (_mailbox.OfferSystem(message))
        {
            case Offer.Schedule:
                _dispatcher.Schedule(this);
                break;
            case Offer.Closed:
                message.RunAfterDeath(this);
                break;
        }
    }

    /// <summary>Throws where a turn's things are used from outside: mostly from code that went on after an await.</summary>
    public ActorCell InTurn()
    {
        CurrentTurn();
        return this;
    }

    /// <summary>The running turn, which must be this cell's.</summary>
    public Turn CurrentTurn()
    {
        var turn = Turn.Current;
        return turn is not null && turn.Cell == this ? turn : throw NotInTurn();
    }

    public override string ToString() => PathText();

    void Refuse(object message, IActorRef? sender)
    {
        if (Props.Mailbox.Overflow == MailboxOverflow.TellSender && sender is not null)
        {
            sender.Tell(new MailboxFull(message, this, Props.Mailbox.Capacity), this);
        }
        else
        {
            _system.DeadLetterOffice.Add(message, sender, this, DeadLetterReason.MailboxFull);
        }
    }

    void TellDead(object message, IActorRef? sender) =>
        _system.DeadLetterOffice.Add(message, sender, this, DeadLetterReason.Stopped);

    string PathText() => _parent is null
        ? $"akka://{_system.Name}"
        : $"{_parent.PathText()}/{_name}";

    InvalidOperationException NotInTurn() => new(
        $"{this}: Context, Sender, Timers and the like belong to a running turn of the actor. Code behind an await or in "
        + "a callback runs outside of it: keep what it needs in locals, and PipeTo(Self) the result.");
}

/// <summary>What few actors have, so that the others do not pay for it.</summary>
sealed class CellParts
{
    public Children? Children;
    public DeathWatch? Watch;
    public ActorTimers? Timers;
    public ActorStash? Stash;
    public IdleTimer? Idle;
    public List<Envelope>? Prepended;
    public CellFailure? Failure;
    public Dictionary<ActorCell, RestartCount>? Restarts;
}
