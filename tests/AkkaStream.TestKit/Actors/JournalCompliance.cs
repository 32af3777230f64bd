using AkkaStream.Actors.Persistence;

namespace AkkaStream.TestKit.Actors;

/// <summary>
/// What every <see cref="IJournal"/> must do, one check per promise. Knows no test framework: a room's test names the
/// checks as data of one theory and runs each on a fresh journal.
/// </summary>
public sealed class JournalCompliance
{
    const string Id = "someone";

    static readonly Dictionary<string, Func<JournalCompliance, Task>> Checks = new()
    {
        ["a_fresh_id_has_no_events_and_no_numbers"] = kit => kit.FreshIdIsEmpty(),
        ["what_was_written_is_read_in_order"] = kit => kit.WrittenIsRead(),
        ["a_read_begins_where_it_was_told_and_keeps_to_its_limit"] = kit => kit.ReadKeepsToItsRange(),
        ["page_after_page_all_events_are_read"] = kit => kit.PagesJoin(),
        ["ids_do_not_see_each_other"] = kit => kit.IdsAreApart(),
        ["a_write_that_leaves_a_gap_is_rejected_whole"] = kit => kit.GapIsRejected(),
        ["a_write_over_taken_numbers_is_rejected_whole"] = kit => kit.OverwriteIsRejected(),
        ["a_rejected_write_leaves_the_next_one_its_numbers"] = kit => kit.RejectionUsesNoNumbers(),
        ["of_two_writers_with_one_number_one_is_rejected"] = kit => kit.OneOfTwoWritersWins(),
        ["deleted_events_are_not_read_and_their_numbers_stay_used"] = kit => kit.DeletedStaysUsed(),
        ["deleting_everything_keeps_the_highest_number"] = kit => kit.DeleteAllKeepsHighest(),
        ["deleting_more_than_there_is_deletes_what_there_is"] = kit => kit.DeleteBeyondEnd(),
        ["operations_take_effect_in_the_order_of_the_calls"] = kit => kit.OrderOfCalls(),
        ["everything_is_there_after_opening_again"] = kit => kit.SurvivesReopening(),
    };

    readonly Func<IJournal, IJournal> _reopen;
    readonly Func<int, object> _event;
    readonly Action _run;
    IJournal _journal;

    /// <param name="journal">An empty journal.</param>
    /// <param name="reopen">Closes it, as a restart would, and opens what it left behind.</param>
    /// <param name="makeEvent">Makes an event this journal can store, equal for equal numbers.</param>
    /// <param name="run">Lets a simulated world go on, for journals that complete in one.</param>
    public JournalCompliance(
        IJournal journal, Func<IJournal, IJournal>? reopen = null, Func<int, object>? makeEvent = null, Action? run = null)
    {
        _journal = journal;
        _reopen = reopen ?? (same => same);
        _event = makeEvent ?? (number => $"event {number}");
        _run = run ?? (() => { });
    }

    public static IEnumerable<string> Promises => Checks.Keys;

    /// <summary>Checks one promise; throws <see cref="TestFailedException"/> when it is broken.</summary>
    public Task Check(string promise) => Checks[promise](this);

    async Task FreshIdIsEmpty()
    {
        var page = await Read(1);
        Expect(page.Events.Count == 0 && page.HighestSequenceNr == 0, $"read {Show(page)} of a fresh id");
    }

    async Task WrittenIsRead()
    {
        await Write(1, 1, 2, 3);
        await Write(4, 4);
        await ExpectAll(1, 2, 3, 4);
    }

    async Task ReadKeepsToItsRange()
    {
        await Write(1, 1, 2, 3, 4, 5);
        var page = await Read(3, 2);
        Expect(page.Events.Count is 1 or 2, $"asked for at most 2 of 3 events, got {Show(page)}");
        Expect(page.Events[0] == new JournalEvent(3, _event(3)), $"asked for events from 3 on, got {Show(page)}");
        Expect(page.HighestSequenceNr == 5, $"highest number is {page.HighestSequenceNr} instead of 5");
    }

    async Task PagesJoin()
    {
        var numbers = Enumerable.Range(1, 100).ToArray();
        foreach (var chunk in numbers.Chunk(7)) await Write(chunk[0], chunk);
        await ExpectAll(numbers);
    }

    async Task IdsAreApart()
    {
        await Write(1, 1, 2);
        var other = await Drive(_journal.WriteAsync("someone else", 1, [_event(9)]));
        Expect(other.Rejection is null, $"a write of another id was rejected: {other.Rejection}");
        await ExpectAll(1, 2);
    }

    async Task GapIsRejected()
    {
        await Write(1, 1);
        await ExpectRejected(3, 3, 4);
        await ExpectAll(1);
    }

    async Task OverwriteIsRejected()
    {
        await Write(1, 1, 2);
        await ExpectRejected(2, 22, 33);
        await ExpectAll(1, 2);
    }

    async Task RejectionUsesNoNumbers()
    {
        await Write(1, 1);
        await ExpectRejected(5, 5);
        await Write(2, 2);
        await ExpectAll(1, 2);
    }

    async Task OneOfTwoWritersWins()
    {
        await Write(1, 1);
        var first = _journal.WriteAsync(Id, 2, [_event(2)]).AsTask();
        var second = _journal.WriteAsync(Id, 2, [_event(22)]).AsTask();
        Expect((await Drive(first)).Rejection is null, "the first of two writers was rejected");
        Expect((await Drive(second)).Rejection is not null, "the second of two writers was not rejected");
        await ExpectAll(1, 2);
    }

    async Task DeletedStaysUsed()
    {
        await Write(1, 1, 2, 3, 4);
        await Delete(2);
        var page = await Read(1);
        Expect(page.Events.Count > 0 && page.Events[0].SequenceNr == 3, $"after deleting up to 2: {Show(page)}");
        await ExpectRejected(2, 2);
        await Write(5, 5);
    }

    async Task DeleteAllKeepsHighest()
    {
        await Write(1, 1, 2, 3);
        await Delete(3);
        await Reopen();
        var page = await Read(1);
        Expect(page.Events.Count == 0 && page.HighestSequenceNr == 3, $"after deleting everything: {Show(page)}");
        await Write(4, 4);
    }

    async Task DeleteBeyondEnd()
    {
        await Write(1, 1, 2);
        await Delete(1_000);
        var page = await Read(1);
        Expect(page.Events.Count == 0 && page.HighestSequenceNr == 2, $"after deleting beyond the end: {Show(page)}");
    }

    async Task OrderOfCalls()
    {
        var write = _journal.WriteAsync(Id, 1, [_event(1), _event(2)]).AsTask();
        var next = _journal.WriteAsync(Id, 3, [_event(3)]).AsTask();
        var delete = _journal.DeleteAsync(Id, 1).AsTask();
        var read = _journal.ReadAsync(Id, 1, 10).AsTask();
        var page = await Drive(read);
        Expect((await Drive(write)).Rejection is null, "the first write was rejected");
        Expect((await Drive(next)).Rejection is null, "the second write did not see the first");
        await Drive(delete);
        Expect(page.HighestSequenceNr == 3, $"the read did not see the writes called before it: {Show(page)}");
        Expect(page.Events.Count > 0 && page.Events[0].SequenceNr == 2, $"the read did not see the delete: {Show(page)}");
    }

    async Task SurvivesReopening()
    {
        await Write(1, 1, 2, 3);
        await Delete(1);
        await Reopen();
        var page = await Read(1);
        Expect(page.Events.Count > 0 && page.Events[0] == new JournalEvent(2, _event(2)), $"opened again: {Show(page)}");
        await ExpectRejected(3, 3);
        await Write(4, 4);
    }

    async Task Write(long first, params int[] numbers)
    {
        var result = await Drive(_journal.WriteAsync(Id, first, [.. numbers.Select(_event)]));
        Expect(result.Rejection is null, $"a write at {first} was rejected: {result.Rejection}");
    }

    async Task ExpectRejected(long first, params int[] numbers)
    {
        var result = await Drive(_journal.WriteAsync(Id, first, [.. numbers.Select(_event)]));
        Expect(result.Rejection is not null, $"a write at {first} was not rejected");
    }

    async Task ExpectAll(params int[] numbers)
    {
        var events = new List<JournalEvent>();
        while (true)
        {
            var page = await Read(events.Count + 1, 10);
            events.AddRange(page.Events);
            Expect(page.HighestSequenceNr == numbers.Length, $"highest number is {page.HighestSequenceNr}");
            if (page.Events.Count == 0 || events.Count >= numbers.Length) break;
        }

        var expected = numbers.Select((number, i) => new JournalEvent(i + 1, _event(number)));
        Expect(events.SequenceEqual(expected), $"read {string.Join(", ", events)}");
    }

    Task<JournalPage> Read(long from, int max = 1_000) => Drive(_journal.ReadAsync(Id, from, max));

    Task Delete(long to) => Drive(_journal.DeleteAsync(Id, to).AsTask());

    Task Reopen()
    {
        _journal = _reopen(_journal);
        return Task.CompletedTask;
    }

    Task<T> Drive<T>(ValueTask<T> operation) => Drive(operation.AsTask());

    Task<T> Drive<T>(Task<T> operation)
    {
        _run();
        return operation;
    }

    Task Drive(Task operation)
    {
        _run();
        return operation;
    }

    static void Expect(bool holds, string otherwise)
    {
        if (!holds) throw new TestFailedException(otherwise);
    }

    static string Show(JournalPage page) => $"[{string.Join(", ", page.Events)}], highest {page.HighestSequenceNr}";
}
