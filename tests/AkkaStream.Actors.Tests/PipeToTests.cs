using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class PipeToTests : IDisposable
{
    readonly TestActorSystem _world = new();
    readonly TestProbe _probe;

    public PipeToTests() => _probe = _world.CreateProbe();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void A_result_is_told_when_it_is_there()
    {
        var work = new TaskCompletionSource<string>();
        work.Task.PipeTo(_probe.Ref, _world.System.DeadLetters);
        _probe.ExpectNoMsg();
        work.SetResult("done");
        _probe.ExpectMsg("done");
        Assert.Same(_world.System.DeadLetters, _probe.LastSender);
    }

    [Fact]
    public void A_failure_is_told_as_status_failure()
    {
        var reason = new FormatException();
        Task.FromException<string>(reason).PipeTo(_probe.Ref);
        Assert.Same(reason, _probe.ExpectMsg<Status.Failure>().Cause);
    }

    [Fact]
    public void Results_and_failures_are_mapped()
    {
        ValueTask.FromResult(5).PipeTo(_probe.Ref, success: n => $"got {n}");
        ValueTask.FromException<int>(new FormatException("bad")).PipeTo(_probe.Ref, failure: e => $"failed: {e.Message}");
        ValueTask.CompletedTask.PipeTo(_probe.Ref, success: () => "flushed");
        Task.FromException(new FormatException("worse")).PipeTo(_probe.Ref, failure: e => $"failed: {e.Message}");
        Assert.Equal(["got 5", "failed: bad", "flushed", "failed: worse"], _probe.ReceiveAll());
    }

    [Fact]
    public void Work_without_a_result_tells_nothing_unless_asked_to()
    {
        Task.CompletedTask.PipeTo(_probe.Ref);
        _probe.ExpectNoMsg();
    }

    [Fact]
    public void A_mapping_that_throws_is_told_as_a_failure_and_loses_nothing()
    {
        ValueTask.FromResult(5).PipeTo(_probe.Ref, success: _ => throw new FormatException("mapping"));
        Assert.Equal("mapping", _probe.ExpectMsg<Status.Failure>().Cause.Message);
        Task.FromException(new FormatException("first"))
            .PipeTo(_probe.Ref, failure: _ => throw new FormatException("second"));
        var both = Assert.IsType<AggregateException>(_probe.ExpectMsg<Status.Failure>().Cause);
        Assert.Equal(["first", "second"], both.InnerExceptions.Select(e => e.Message));
    }

    [Fact]
    public void A_result_of_null_is_told_as_a_failure()
    {
        Task.FromResult<string?>(null).PipeTo(_probe.Ref);
        Assert.IsType<InvalidOperationException>(_probe.ExpectMsg<Status.Failure>().Cause);
    }

    [Fact]
    public void An_ask_is_piped_back_to_the_asking_actor()
    {
        var echo = _world.ActorOf(Props.Create<EchoActor>());
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        actor.Do(self =>
        {
            self.OnMessage = answer => _probe.Ref.Tell(answer);
            echo.Ask<string>("question", TimeSpan.FromSeconds(1)).PipeTo(self.Self);
        });
        _probe.ExpectMsg("question");
        Assert.Same(actor, _probe.LastSender);
    }
}
