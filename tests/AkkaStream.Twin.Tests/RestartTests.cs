using AkkaStream.TestKit.Twin;

namespace AkkaStream.Twin.Tests;

/// <summary>A broker that was stopped, and one that was killed, comes back with all it had: Kafka's answers before and after are the measure.</summary>
public sealed class RestartTests
{
    [Fact]
    public async Task A_restarted_broker_keeps_topics_records_settings_and_producers()
    {
        var run = await TwinRun.PlayWithRestartsAsync("restart");
        var different = run.Verdicts.Where(v => v.Outcome is TwinOutcome.Different or TwinOutcome.NotServed && !v.Step.Json.ContainsKey("optional")).ToList();
        Assert.True(different.Count == 0, $"{run}\n{run.Describe(different)}");
        Assert.True(run.Count(TwinOutcome.Matched) > 30, run.ToString());
    }
}
