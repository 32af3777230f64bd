using AkkaStream.TestKit.Twin;

namespace AkkaStream.Twin.Tests;

/// <summary>
/// The scripts of groups once more, at Kafka's own default of three seconds for the first rebalance of a group: members that come meanwhile
/// are in the same generation, and sessions run out while others wait. Recorded from a Kafka that was set so.
/// </summary>
public sealed class DefaultsTests
{
    [Theory]
    [InlineData("groups_classic")]
    [InlineData("groups_consumer")]
    [InlineData("group_offsets")]
    public async Task Groups_are_as_in_Kafka_when_the_first_rebalance_waits_for_more_members(string script)
    {
        var run = await TwinRun.PlayAsync(script, "defaults");
        Assert.True(run.Unlike.Count == 0, $"{run}\n{run.Describe(run.Unlike)}");
        Assert.True(run.Count(TwinOutcome.Matched) > 100, run.ToString());
    }
}
