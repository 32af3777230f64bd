using AkkaStream.TestKit.Twin;

namespace AkkaStream.Twin.Tests;

/// <summary>A broker that was stopped, and one that was killed, comes back with all it had: Kafka's answers before and after are the measure.</summary>
public sealed class RestartTests
{
    [Theory]
    [InlineData("restart")]
    [InlineData("restart_groups")]
    public async Task A_restarted_broker_keeps_topics_records_settings_producers_and_groups(string script)
    {
        var run = await TwinRun.PlayWithRestartsAsync(script);
        Assert.True(run.Unlike.Count == 0, $"{run}\n{run.Describe(run.Unlike)}");
        Assert.True(run.Count(TwinOutcome.Matched) > 30, run.ToString());
    }
}
