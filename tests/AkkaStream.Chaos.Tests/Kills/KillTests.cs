using System.Globalization;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>
/// kill -9 under load, again and again: a process that dies loses nothing that it acknowledged. A few rounds here; ./dev chaos makes many
/// of them. When to kill is counted in acknowledgements, not in time.
/// </summary>
public sealed class KillTests
{
    const int FewRounds = 4, LeastAcknowledged = 20, MostAcknowledged = 200;

    static int Rounds => int.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_CHAOS_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : FewRounds;

    [Fact]
    public Task Nothing_acknowledged_is_lost_or_doubled_when_the_broker_is_killed_under_load() =>
        Seeds.ForEachAsync(1, seed => RunAsync(new Random((int)seed)));

    static async Task RunAsync(Random random)
    {
        const string Topic = "under-load";
        await using var broker = await BrokerProcess.StartAsync(new Dictionary<string, string> { ["log.segment.bytes"] = "1048576" });
        var writers = new List<Writer>();
        await using (var client = await WireClient.ConnectAsync(broker.Address))
        {
            await client.CreateTopicAsync(Topic, 4);
            for (int p = 0; p < 4; p++)
            {
                // Two idempotent ones with acks=all, one with acks=all and one with acks=1 without sequences.
                long? id = p < 2 ? await client.NewProducerIdAsync() : null;
                writers.Add(new Writer(Topic, p, acks: (short)(p == 3 ? 1 : -1), id, new Random(random.Next())));
            }
        }

        var history = new List<string>();
        for (int round = 0; round < Rounds; round++)
        {
            bool isKill = random.Next(4) > 0;
            history.Add($"{(isKill ? "kill" : "stop")} after offsets {string.Join(", ", writers.Select(w => w.EndOfAcknowledged))}");
            await LoadAsync(broker, writers, random.Next(LeastAcknowledged, MostAcknowledged), isKill);
            await broker.StartAgainAsync();
            await using var client = await WireClient.ConnectAsync(broker.Address);
            foreach (var writer in writers) await LogCheck.EndIsNotBehindAsync(client, Topic, writer);
        }

        // Once more without a kill, so that what was under way is sent again and told.
        await WriteAsync(broker, writers, LeastAcknowledged, atEnd: () => Task.CompletedTask);
        try
        {
            foreach (var writer in writers) await LogCheck.ComparesAsync(broker.Address, Topic, writer);
        }
        catch (TestFailedException failure)
        {
            string kept = broker.KeepData();
            throw new TestFailedException($"{failure.Message}\n{string.Join('\n', history)}\nthe data is kept in {kept}", failure);
        }
    }

    static Task LoadAsync(BrokerProcess broker, List<Writer> writers, int acknowledgements, bool isKill) =>
        WriteAsync(broker, writers, acknowledgements, isKill ? broker.KillAsync : broker.StopAsync);

    static async Task WriteAsync(BrokerProcess broker, List<Writer> writers, int acknowledgements, Func<Task> atEnd)
    {
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var stop = new TaskCompletionSource();
        int left = acknowledgements;
        void Acknowledged()
        {
            if (Interlocked.Decrement(ref left) == 0) enough.SetResult();
        }

        var writing = writers.Select(w => w.WriteAsync(broker.Address, stop.Task, Acknowledged)).ToList();

        // A writer that fails ends the wait too, with what it has to say.
        await await Task.WhenAny(enough.Task, FirstFailure(writing));
        await atEnd();
        stop.SetResult();
        await Task.WhenAll(writing);
    }

    static async Task FirstFailure(List<Task> writing)
    {
        var left = writing.ToHashSet();
        while (left.Count > 0)
        {
            var done = await Task.WhenAny(left);
            if (!done.IsCompletedSuccessfully) await done;
            left.Remove(done);
        }

        throw new TestFailedException("the broker went away by itself");
    }
}
