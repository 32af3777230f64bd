namespace AkkaStream.Actors;

/// <summary>
/// An actor that names its messages by type: <c>Receive&lt;Fetched&gt;(OnFetched)</c> in the constructor, or in a method
/// given to Become. Handlers are tried in the order in which they were named.
///
/// There is no ReceiveAsync. A turn that waits would block every message behind it, or, let go half-way, would find its
/// state changed when it goes on. Start the work, pipe its result to Self, and look at the state again when it arrives.
/// </summary>
public abstract class ReceiveActor : Actor
{
    readonly ReceiveTable _first = new();
    ReceiveTable? _open;

    protected ReceiveActor() => _open = _first;

    protected sealed override bool Receive(object message)
    {
        _open = null;
        return _first.Handle(message);
    }

    /// <summary>Handles messages of this type, of those that fulfil the condition if there is one.</summary>
    protected void Receive<T>(Action<T> handler, Predicate<T>? shouldHandle = null) => Open.Add(handler, shouldHandle);

    protected void Receive<T>(Predicate<T> shouldHandle, Action<T> handler) => Open.Add(handler, shouldHandle);

    /// <summary>Only here to turn an async handler, which would run on beside later turns, into a compile error.</summary>
    [Obsolete("A turn does not await: start the work and PipeTo(Self) its result.", error: true)]
    protected void Receive<T>(Func<T, Task> handler) => throw new NotSupportedException();

    /// <summary>Handles all messages that are left; must come last.</summary>
    protected void ReceiveAny(Action<object> handler) => Open.Add(handler, null);

    /// <summary>From the next message on, the handlers that <paramref name="configure"/> names.</summary>
    protected void Become(Action configure) => base.Become(Configure(configure));

    /// <summary>The same, with a way back by UnbecomeStacked.</summary>
    protected void BecomeStacked(Action configure) => base.BecomeStacked(Configure(configure));

    ReceiveTable Open => _open ?? throw new InvalidOperationException(
        "Receive is named in the constructor or in a method given to Become, not while a message is handled.");

    Receive Configure(Action configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var table = new ReceiveTable();
        var outer = _open;
        _open = table;
        try
        {
            configure();
        }
        finally
        {
            _open = outer;
        }

        return table.Handle;
    }
}
