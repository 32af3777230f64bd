using System.Collections.Concurrent;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Twin;

namespace AkkaStream.Twin.Tests;

/// <summary>
/// Scripted requests to our broker, and the answers that Kafka 4.3.1 gave to the same ones. What was counted is written to
/// artifacts/twin.txt, which ./dev test shows.
/// </summary>
public sealed class ScriptTests
{
    /// <summary>The most steps that may differ, whatever the reasons.</summary>
    const int MostDifferences = 60;

    /// <summary>The scripts whose every served step must be answered as Kafka does, or be listed in accepted.txt.</summary>
    static readonly string[] Asserted =
    [
        "apiversions", "cluster", "configs", "coordinator", "fetch", "fetch_sessions", "framing", "group_offsets", "groups_classic",
        "groups_consumer", "idempotence", "metadata", "offsets", "produce", "security_off", "smallest", "timeouts", "topics",
    ];

    static readonly ConcurrentDictionary<string, Task<TwinRun>> Runs = new();

    /// <summary>All that were recorded, or those that AKKASTREAM_TWIN_SCRIPTS names.</summary>
    static readonly string[] Chosen = Environment.GetEnvironmentVariable("AKKASTREAM_TWIN_SCRIPTS") switch
    {
        null or "" => Asserted,
        "all" => [.. Directory.GetFiles(Path.Combine(GoldenFiles.Root, "twin/scripts"), "*.json")
            .Select(f => Path.GetFileNameWithoutExtension(f)!).Where(n => n[0] != '_').Order()],
        var names => names.Split(','),
    };

    public static TheoryData<string> Scripts => [.. Chosen];

    static Task<TwinRun> RunOf(string script)
    {
        // All begin with the first that is asked for; each waits for its turn.
        foreach (string each in Chosen) Runs.GetOrAdd(each, name => Task.Run(() => TwinRun.PlayAsync(name)));
        return Runs[script];
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Every_served_step_is_answered_as_Kafka_answers_it(string script)
    {
        var run = await RunOf(script);
        var unexplained = run.Unexplained.ToList();
        Assert.True(unexplained.Count == 0, $"{run}\n{run.Describe(unexplained)}");
        Assert.True(run.Count(TwinOutcome.Matched) > 0, $"{run}: nothing was compared");
    }

    [Theory]
    [MemberData(nameof(Scripts))]
    public async Task Every_accepted_difference_is_one_and_has_its_reason(string script)
    {
        var run = await RunOf(script);
        var different = run.Verdicts.Where(v => v.Outcome == TwinOutcome.Different).ToList();
        foreach (var accepted in Accepted.All.Where(a => a.Script == script))
        {
            var hit = different.Where(v => accepted.Covers(v.Step)).ToList();
            Assert.True(hit.Count > 0, $"{accepted}: no step differs there; remove the line");
            if (accepted.Reason != "silent") continue;
            foreach (var verdict in hit)
            {
                string kafka = run.Recorded[verdict.Step.Index].GetProperty("result").GetRawText();
                Assert.True(kafka.Contains("silence") || kafka.Contains("-1 UNKNOWN_SERVER_ERROR"), $"{verdict.Step}: Kafka answers {kafka}");
            }
        }
    }

    [Fact]
    public void Every_accepted_difference_is_told_in_the_documents_too()
    {
        string[] rows = File.ReadAllLines(Path.Combine(GoldenFiles.Root, "..", "..", "docs", "skipped.md"));
        foreach (var accepted in Accepted.All)
        {
            bool isTold = rows.Any(r => r.StartsWith($"| {accepted.Api} |", StringComparison.Ordinal) && r.EndsWith($"| {accepted.Why} |"));
            Assert.True(isTold, $"docs/skipped.md has no row | {accepted.Api} | ... | {accepted.Why} |");
        }
    }

    [Fact]
    public async Task Few_steps_differ_in_all()
    {
        var runs = await Task.WhenAll(Chosen.Select(RunOf));
        var lines = runs.Select(r => r.ToString()).Append(
            $"twin scripts: {runs.Sum(r => r.Count(TwinOutcome.Matched))} matched, {runs.Sum(r => r.Count(TwinOutcome.Different))} different "
            + $"({runs.Sum(r => r.Unexplained.Count())} without a listed reason), {runs.Sum(r => r.Count(TwinOutcome.NotServed))} not served yet");
        string report = Path.Combine(GoldenFiles.Root, "..", "..", "artifacts", "twin.txt");
        await File.WriteAllLinesAsync(report, lines.Concat(runs.Select(r => r.Describe(r.Unexplained)).Where(d => d.Length > 0)));
        Assert.InRange(runs.Sum(r => r.Count(TwinOutcome.Different)), 0, MostDifferences);
    }
}
