using AkkaStream.Actors.Persistence;

namespace AkkaStream.TestKit.Actors;

/// <summary>
/// A journal in memory that keeps the promises of <see cref="IJournal"/>, and breaks them when the test asks it to. It
/// completes at once, or, when <see cref="Pause"/>d, when the test says so.
/// </summary>
public sealed class InMemoryJournal : IJournal
{
    readonly Lock _gate = new();
    readonly Dictionary<string, Stream> _streams = [];
    readonly Queue<Action> _paused = new();
    bool _isPaused;

    /// <summary>Looks at each write first: an exception fails it without a trace, a text rejects it.</summary>
    public Func<string, IReadOnlyList<object>, string?>? BeforeWrite { get; set; }

    /// <summary>Looks at each read first: an exception fails it.</summary>
    public Action<string, long>? BeforeRead { get; set; }

    /// <summary>How many writes were asked for.</summary>
    public int Writes { get; private set; }

    public IReadOnlyList<object> EventsOf(string persistenceId)
    {
        lock (_gate) return [.. StreamOf(persistenceId).Events.Select(e => e.Payload)];
    }

    /// <summary>From now on operations wait until <see cref="Resume"/> or <see cref="Step"/>.</summary>
    public void Pause() => _isPaused = true;

    public void Resume()
    {
        _isPaused = false;
        while (Step())
        {
        }
    }

    /// <summary>Lets one operation that waits be done; false when none waits.</summary>
    public bool Step()
    {
        if (!_paused.TryDequeue(out var operation)) return false;
        operation();
        return true;
    }

    public ValueTask<WriteResult> WriteAsync(string persistenceId, long firstSequenceNr, IReadOnlyList<object> events) =>
        Do(() => Write(persistenceId, firstSequenceNr, events));

    public ValueTask<JournalPage> ReadAsync(string persistenceId, long fromSequenceNr, int maxEvents) =>
        Do(() => Read(persistenceId, fromSequenceNr, maxEvents));

    public async ValueTask DeleteAsync(string persistenceId, long toSequenceNr) =>
        await Do(() => Delete(persistenceId, toSequenceNr));

    WriteResult Write(string persistenceId, long firstSequenceNr, IReadOnlyList<object> events)
    {
        lock (_gate)
        {
            Writes++;
            if (BeforeWrite?.Invoke(persistenceId, events) is { } refusal) return WriteResult.Rejected(refusal);
            var stream = StreamOf(persistenceId);
            if (firstSequenceNr != stream.Highest + 1)
            {
                return WriteResult.Rejected($"{firstSequenceNr} does not follow {stream.Highest}");
            }

            foreach (var e in events) stream.Events.Add(new JournalEvent(++stream.Highest, e));
            return WriteResult.Written;
        }
    }

    JournalPage Read(string persistenceId, long fromSequenceNr, int maxEvents)
    {
        lock (_gate)
        {
            BeforeRead?.Invoke(persistenceId, fromSequenceNr);
            var stream = StreamOf(persistenceId);
            var events = stream.Events.Where(e => e.SequenceNr >= fromSequenceNr).Take(maxEvents);
            return new JournalPage([.. events], stream.Highest);
        }
    }

    bool Delete(string persistenceId, long toSequenceNr)
    {
        lock (_gate) return StreamOf(persistenceId).Events.RemoveAll(e => e.SequenceNr <= toSequenceNr) > 0;
    }

    ValueTask<T> Do<T>(Func<T> operation)
    {
        var done = new TaskCompletionSource<T>();
        Action complete = () =>
        {
            try
            {
                done.SetResult(operation());
            }
            catch (Exception failure)
            {
                done.SetException(failure);
            }
        };
        if (_isPaused)
        {
            _paused.Enqueue(complete);
        }
        else
        {
            complete();
        }

        return new ValueTask<T>(done.Task);
    }

    Stream StreamOf(string persistenceId)
    {
        if (!_streams.TryGetValue(persistenceId, out var stream)) _streams.Add(persistenceId, stream = new Stream());
        return stream;
    }

    sealed class Stream
    {
        public List<JournalEvent> Events { get; } = [];

        public long Highest { get; set; }
    }
}
