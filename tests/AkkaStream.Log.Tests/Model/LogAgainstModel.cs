using AkkaStream.TestKit;

namespace AkkaStream.Log.Tests.Model;

/// <summary>Random lives of a log: whatever is done to it and to its disk, it says what a plain list of batches says.</summary>
public sealed class LogAgainstModel
{
    const int StepsPerRun = 100;

    /// <summary>The long form is ./dev sim, which asks for more runs.</summary>
    [Fact]
    [Trait("Kind", "Simulation")]
    public void A_log_says_what_a_list_of_batches_says_whatever_is_done_to_it_and_its_disk()
    {
        int cleanings = 0;
        Seeds.ForEach(30, seed =>
        {
            using var run = new LogRun(seed);
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
