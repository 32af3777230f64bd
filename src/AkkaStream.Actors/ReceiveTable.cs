namespace AkkaStream.Actors;

/// <summary>
/// One behavior of a <see cref="ReceiveActor"/>: message types with their handlers, tried in the order in which they
/// were named. A sealed type is found by one comparison; nothing is allocated and nothing reflected per message.
/// </summary>
sealed class ReceiveTable
{
    Entry[] _entries = new Entry[4];
    int _count;
    bool _closed;

    public void Add<T>(Action<T> handler, Predicate<T>? shouldHandle)
    {
        ArgumentNullException.ThrowIfNull(handler);
        if (_closed)
        {
            throw new InvalidOperationException(
                $"Receive<{typeof(T).Name}> stands behind ReceiveAny, so it could never be reached.");
        }

        if (_count == _entries.Length) Array.Resize(ref _entries, _count * 2);
        var type = typeof(T);
        _entries[_count++] = new Entry(OnlyMatchesItself(type) ? type : null, new Handler<T>(handler, shouldHandle));
        if (type == typeof(object) && shouldHandle is null) _closed = true;
    }

    public bool Handle(object message)
    {
        var type = message.GetType();
        foreach (ref readonly var entry in _entries.AsSpan(0, _count))
        {
            if (entry.Exactly is not null && entry.Exactly != type) continue;
            if (entry.Handler.TryHandle(message)) return true;
        }

        return false;
    }

    // Arrays and delegates are sealed, yet an object of another such type may match by variance.
    static bool OnlyMatchesItself(Type type) =>
        type.IsSealed && !type.IsArray && !typeof(Delegate).IsAssignableFrom(type);

    /// <param name="Exactly">For sealed types: the only type of message that can match.</param>
    readonly record struct Entry(Type? Exactly, Handler Handler);

    abstract class Handler
    {
        public abstract bool TryHandle(object message);
    }

    sealed class Handler<T>(Action<T> handle, Predicate<T>? shouldHandle) : Handler
    {
        public override bool TryHandle(object message)
        {
            if (message is not T typed || (shouldHandle is not null && !shouldHandle(typed))) return false;
            handle(typed);
            return true;
        }
    }
}
