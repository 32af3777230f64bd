using AkkaStream.Actors.Mailboxes;

namespace AkkaStream.Actors;

/// <summary>
/// Messages that an actor puts aside until it is ready for them. They come back before all that wait in its mailbox, in
/// the order in which they were put aside. A restart brings all of them back; a stop makes them dead letters. Used in
/// the actor's turns only.
/// </summary>
public sealed class ActorStash
{
    readonly ActorCell _cell;
    readonly int _capacity;
    readonly Queue<Envelope> _messages = new();

    internal ActorStash(ActorCell cell, int capacity)
    {
        _cell = cell;
        _capacity = capacity;
    }

    public int Count => _messages.Count;

    /// <summary>Puts the present message aside. Too many of them are a failure of the actor.</summary>
    public void Stash()
    {
        if (_messages.Count >= _capacity)
        {
            throw new StashOverflowException(
                $"{_cell.Path}: {_capacity} messages are stashed already (akkastream.actor.stash-capacity)");
        }

        _messages.Enqueue(_cell.CurrentTurn().TakeMessage() ?? throw new InvalidOperationException(
            $"{_cell}: there is no message to stash, or it was stashed before."));
    }

    /// <summary>Brings the oldest one back.</summary>
    public void Unstash()
    {
        if (_messages.TryDequeue(out var message)) _cell.Prepend([message]);
    }

    /// <summary>Brings all of them back.</summary>
    public void UnstashAll()
    {
        if (_messages.Count == 0) return;
        _cell.Prepend([.. _messages]);
        _messages.Clear();
    }

    internal Envelope[] Empty()
    {
        var rest = _messages.ToArray();
        _messages.Clear();
        return rest;
    }
}
