namespace AkkaStream.Actors;

/// <summary>
/// The children of one actor by name. Changed in the actor's turns, but the guardians' children are made from any
/// thread, hence the lock. A name is free again when its bearer has died, not when it was told to stop.
/// </summary>
sealed class Children
{
    readonly Dictionary<string, ActorCell> _byName = [];
    readonly HashSet<ActorCell> _stopping = [];
    int _nextName;
    bool _closed;

    public int Count
    {
        get
        {
            lock (_byName) return _byName.Count;
        }
    }

    /// <summary>How many of them their parent has told to stop and not heard of since.</summary>
    public int Stopping
    {
        get
        {
            lock (_byName) return _stopping.Count;
        }
    }

    /// <summary>Makes the cell under a name that is free; null lets this choose one.</summary>
    public ActorCell Add(ActorCell parent, Props props, string? name)
    {
        lock (_byName)
        {
            if (_closed) throw new InvalidOperationException($"{parent} is stopping and makes no more children.");
            name ??= $"${_nextName++:x}";
            if (_byName.TryGetValue(name, out var present))
            {
                throw new InvalidOperationException(
                    $"The name '{name}' is taken: {present} lives, or has been told to stop and has not ended yet.");
            }

            var cell = new ActorCell(parent.System, parent, props, name);
            _byName.Add(name, cell);
            return cell;
        }
    }

    public ActorCell? Find(string name)
    {
        lock (_byName) return _byName.GetValueOrDefault(name);
    }

    public ActorCell[] ToArray()
    {
        lock (_byName) return [.. _byName.Values];
    }

    public bool Contains(ActorCell cell)
    {
        lock (_byName) return _byName.GetValueOrDefault(cell.Name) == cell;
    }

    /// <summary>Notes that the parent stops this child. False when it does so already, or it is not its child.</summary>
    public bool BeginStop(ActorCell cell)
    {
        lock (_byName) return _byName.GetValueOrDefault(cell.Name) == cell && _stopping.Add(cell);
    }

    public void Remove(ActorCell cell)
    {
        lock (_byName)
        {
            if (_byName.GetValueOrDefault(cell.Name) != cell) return;
            _byName.Remove(cell.Name);
            _stopping.Remove(cell);
        }
    }

    /// <summary>No more children from now on. Hands out those that live.</summary>
    public ActorCell[] Close()
    {
        lock (_byName)
        {
            _closed = true;
            return [.. _byName.Values];
        }
    }
}
