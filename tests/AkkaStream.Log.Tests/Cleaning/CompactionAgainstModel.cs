using AkkaStream.TestKit;

namespace AkkaStream.Log.Tests.Cleaning;

/// <summary>Random lives of compacted logs.</summary>
public sealed class CompactionAgainstModel
{
    const int StepsPerRun = 120;

    /// <summary>The long form is ./dev sim, which asks for more runs.</summary>
    [Fact]
    [Trait("Kind", "Simulation")]
    public void Compaction_keeps_the_newest_record_of_each_key_and_a_crash_at_any_write_harms_nothing()
    {
        int cleanings = 0;
        Seeds.ForEach(40, seed =>
        {
            using var run = new CompactionRun(seed);
            try
            {
                for (int i = 0; i < StepsPerRun; i++) run.Step();
                run.Finish();
                cleanings += run.Cleanings;
            }
            catch (Exception failure)
            {
                throw new TestFailedException($"{failure.Message}\n{run.History}", failure);
            }
        });
        Assert.True(cleanings > 0, "nothing was ever compacted");
    }
}
