namespace AkkaStream.Actors.Persistence;

/// <summary>
/// The journal seam: events of many persistent actors, each actor's under its persistence id and numbered from 1
/// without gaps. What a journal promises, and <c>JournalCompliance</c> in the test kit checks:
///
/// - Operations of one persistence id take effect in the order of the calls, even if an earlier one is not done yet: a
///   read that is called after a write sees that write, or its failure. (A restarted actor reads while the write of its
///   predecessor is still under way.)
/// - A write is all or nothing, and durable when it is done.
/// - A write whose first number does not follow the highest one is rejected. So two actors that write under one id
///   cannot overwrite each other.
/// - Rejected means certain that nothing was written. An exception means that this is not known.
/// - Deleting does not give numbers free again, over restarts as well.
///
/// Called from actors' turns: it must not block. It may complete on any thread.
/// </summary>
public interface IJournal
{
    /// <summary>Writes these events, the first under <paramref name="firstSequenceNr"/>.</summary>
    ValueTask<WriteResult> WriteAsync(string persistenceId, long firstSequenceNr, IReadOnlyList<object> events);

    /// <summary>
    /// Reads events in order, at most <paramref name="maxEvents"/>, beginning with the first that is not deleted and not
    /// below <paramref name="fromSequenceNr"/>. Fewer than are there is allowed, none only if there are none.
    /// </summary>
    ValueTask<JournalPage> ReadAsync(string persistenceId, long fromSequenceNr, int maxEvents);

    /// <summary>Deletes all events up to and with this number.</summary>
    ValueTask DeleteAsync(string persistenceId, long toSequenceNr);
}

/// <summary>What became of a write, if the journal knows it.</summary>
public readonly record struct WriteResult
{
    WriteResult(string? rejection) => Rejection = rejection;

    public static WriteResult Written => default;

    /// <summary>Why nothing was written; null when all was.</summary>
    public string? Rejection { get; }

    public static WriteResult Rejected(string reason)
    {
        ArgumentException.ThrowIfNullOrEmpty(reason);
        return new WriteResult(reason);
    }
}

/// <summary>Part of what a journal holds of one persistence id.</summary>
/// <param name="Events">In order of their numbers, without gaps.</param>
/// <param name="HighestSequenceNr">The number of the last event ever written, deleted or not; 0 when there was none.</param>
public sealed record JournalPage(IReadOnlyList<JournalEvent> Events, long HighestSequenceNr);

/// <summary>One event with its number.</summary>
public readonly record struct JournalEvent(long SequenceNr, object Payload);
