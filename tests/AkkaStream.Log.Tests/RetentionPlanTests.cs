namespace AkkaStream.Log.Tests;

/// <summary>Which of the oldest segments go.</summary>
public sealed class RetentionPlanTests
{
    const long Hour = 3_600_000;
    static readonly SegmentFacts[] Segments =
    [
        new(new Offset(0), 1000, 1 * Hour),
        new(new Offset(10), 1000, 2 * Hour),
        new(new Offset(20), 1000, 3 * Hour),
        new(new Offset(30), 500, 4 * Hour),
    ];

    [Theory]
    [InlineData(-1, -1, 0, 0)] // nothing is ever too old or too much
    [InlineData(-1, 2 * Hour, 2, 0)]
    [InlineData(-1, 0, 4, 1)]
    [InlineData(3500, -1, 0, 0)]
    [InlineData(2500, -1, 1, 0)]
    [InlineData(2499, -1, 1, 0)]
    [InlineData(0, -1, 4, 1)]
    [InlineData(2500, 2 * Hour, 2, 0)]
    public void Segments_go_by_size_and_age_as_far_as_the_settings_say(long bytes, long ms, int go, int rolls)
    {
        var config = new LogConfig { RetentionBytes = bytes, RetentionMs = ms };
        var plan = Retention.Plan(Segments, new Offset(0), new Offset(40), new Offset(40), config, nowMs: 4 * Hour + 1);
        Assert.Equal((go, rolls == 1), (plan.DeleteCount, plan.RollsFirst));
    }

    [Fact]
    public void Nothing_above_the_high_watermark_goes_and_what_is_below_the_start_goes_in_any_case()
    {
        var all = new LogConfig { RetentionBytes = 0, RetentionMs = 0 };
        Assert.Equal(2, Retention.Plan(Segments, new Offset(0), new Offset(25), new Offset(40), all, 10 * Hour).DeleteCount);

        var compacted = new LogConfig { Cleanup = CleanupPolicy.Compact, RetentionBytes = 0, RetentionMs = 0 };
        Assert.Equal(0, Retention.Plan(Segments, new Offset(9), new Offset(40), new Offset(40), compacted, 10 * Hour).DeleteCount);
        Assert.Equal(1, Retention.Plan(Segments, new Offset(10), new Offset(40), new Offset(40), compacted, 10 * Hour).DeleteCount);
    }
}
