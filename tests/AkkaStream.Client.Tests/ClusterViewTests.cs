using AkkaStream.Client.Tests.Support;

namespace AkkaStream.Client.Tests;

public sealed class ClusterViewTests
{
    [Fact]
    public async Task A_timer_that_comes_after_the_end_finds_no_broker_and_no_exception()
    {
        var cluster = new FakeCluster();
        cluster.Topic("t");
        var view = new ClusterView(cluster.Client);
        await cluster.Driver.Run(view.TopicAsync("t", TimeSpan.FromSeconds(1)));
        Assert.NotNull(view.LinkTo(1));

        view.Dispose();

        // It used to throw here, on a thread of the pool, which ended the process of a producer that was being closed.
        Assert.Null(view.LinkTo(1, LinkUse.Produce));
    }

    [Fact]
    public async Task A_listener_that_fails_does_not_end_the_asking()
    {
        var cluster = new FakeCluster();
        cluster.Topic("first");
        cluster.Topic("second");
        using var view = new ClusterView(cluster.Client);
        int told = 0;
        view.Changed += _ =>
        {
            if (told++ == 0) throw new InvalidOperationException("a bug in a listener");
        };

        await cluster.Driver.Run(view.TopicAsync("first", TimeSpan.FromSeconds(10)));
        await cluster.Driver.Run(view.TopicAsync("second", TimeSpan.FromSeconds(10)));

        Assert.True(told > 1);
    }
}
