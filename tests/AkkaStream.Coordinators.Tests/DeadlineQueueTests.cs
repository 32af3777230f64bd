namespace AkkaStream.Coordinators.Tests;

public sealed class DeadlineQueueTests
{
    readonly DeadlineQueue _queue = new();
    readonly List<string> _fired = [];

    [Fact]
    public void Deadlines_come_in_their_order_and_not_before()
    {
        _queue.Set(Named("b"), 20);
        _queue.Set(Named("a"), 10);
        _queue.Set(Named("c"), 20);
        Run(9);
        Assert.Empty(_fired);
        Run(20);
        Assert.Equal(["a", "b", "c"], _fired);
        Assert.Equal(Deadline.Never, _queue.Next);
    }

    [Fact]
    public void One_that_was_moved_counts_once_and_at_its_new_time()
    {
        var later = Named("later");
        var sooner = Named("sooner");
        _queue.Set(later, 10);
        _queue.Set(later, 50);
        _queue.Set(sooner, 100);
        _queue.Set(sooner, 5);
        Run(49);
        Assert.Equal(["sooner"], _fired);
        Run(200);
        Assert.Equal(["sooner", "later"], _fired);
    }

    [Fact]
    public void One_that_was_cancelled_does_not_come_unless_set_again()
    {
        var a = Named("a");
        _queue.Set(a, 10);
        DeadlineQueue.Cancel(a);
        Run(10);
        Assert.Empty(_fired);
        _queue.Set(a, 30);
        DeadlineQueue.Cancel(a);
        _queue.Set(a, 20);
        Run(40);
        Assert.Equal(["a"], _fired);
    }

    Deadline Named(string name) => new Note(name, _fired);

    void Run(long now)
    {
        while (_queue.TryTake(now, out var due)) due.OnDue(new Decision());
    }

    sealed class Note(string name, List<string> fired) : Deadline
    {
        internal override void OnDue(Decision decision) => fired.Add(name);
    }
}
