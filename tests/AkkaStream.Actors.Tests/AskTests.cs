using AkkaStream.Actors.Mailboxes;
using AkkaStream.TestKit.Actors;

namespace AkkaStream.Actors.Tests;

public sealed class AskTests : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    readonly TestActorSystem _world = new();

    public void Dispose() => _world.Dispose();

    [Fact]
    public void The_answer_is_the_result()
    {
        var echo = _world.ActorOf(Props.Create<EchoActor>());
        Assert.Equal("hello", _world.Await(echo.Ask<string>("hello", Patience)));
        Assert.Equal(42, _world.Await(echo.Ask<int>(42, Patience)));
    }

    [Fact]
    public void Without_an_answer_the_ask_fails_at_its_time_out_and_not_before()
    {
        var actor = _world.ActorOf(Props.Create(() => new Keeper()));
        var ask = actor.Ask<string>("question", Patience);
        _world.Advance(Patience - TimeSpan.FromMilliseconds(1));
        Assert.False(ask.IsCompleted);
        _world.Advance(TimeSpan.FromMilliseconds(1));
        var failure = Assert.Throws<AskTimeoutException>(() => _world.Await(ask));
        Assert.Equal("ask of akka://test/user/$0 with String: no answer within 5000 ms", failure.Message);
    }

    [Fact]
    public void The_time_out_is_compulsory()
    {
        var echo = _world.ActorOf(Props.Create<EchoActor>());
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = echo.Ask<string>("x", TimeSpan.Zero); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { _ = echo.Ask<string>("x", Timeout.InfiniteTimeSpan); });
    }

    [Fact]
    public void An_ask_of_a_stopped_actor_fails_at_once()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>(), "gone");
        _world.System.Stop(actor);
        _world.RunUntilIdle();
        var ask = actor.Ask<string>("question", Patience);
        Assert.True(ask.IsCompleted);
        var failure = Assert.Throws<AskFailedException>(() => _world.Await(ask));
        Assert.Equal("ask of akka://test/user/gone with String: the actor has stopped", failure.Message);
    }

    [Fact]
    public void An_ask_that_waits_when_its_actor_stops_fails_at_once()
    {
        var actor = _world.ActorOf(Props.Create<EchoActor>());
        actor.Tell(PoisonPill.Instance, null);
        var ask = actor.Ask<string>("question", Patience);
        _world.RunUntilIdle();
        Assert.Contains("has stopped", Assert.Throws<AskFailedException>(() => _world.Await(ask, TimeSpan.Zero)).Message);
    }

    [Fact]
    public void An_ask_fails_at_once_when_the_actor_fails_on_it()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        var ask = actor.Ask<string>(
            new ScriptedActor.Order(_ => throw new FormatException("bad")), Patience);
        var failure = Assert.Throws<AskFailedException>(() => _world.Await(ask, TimeSpan.Zero));
        Assert.Contains("the actor failed with FormatException: bad", failure.Message);
    }

    [Fact]
    public void An_ask_fails_at_once_when_it_was_handled_without_an_answer_and_nobody_kept_it()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        var ask = actor.Ask<string>(new ScriptedActor.Order(_ => { }), Patience);
        var failure = Assert.Throws<AskFailedException>(() => _world.Await(ask, TimeSpan.Zero));
        Assert.Contains("handled it without an answer", failure.Message);
    }

    [Fact]
    public void An_ask_fails_at_once_when_the_mailbox_is_full()
    {
        foreach (var overflow in Enum.GetValues<MailboxOverflow>())
        {
            var actor = _world.ActorOf(Props.Create<EchoActor>().WithMailbox(MailboxSettings.Bounded(1, overflow)));
            actor.Tell("fills it", null);
            var ask = actor.Ask<string>("question", Patience);
            Assert.Throws<AskFailedException>(() => _world.Await(ask, TimeSpan.Zero));
        }
    }

    [Fact]
    public void A_status_failure_throws_its_cause()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        var ask = actor.Ask<string>(
            new ScriptedActor.Order(self => self.Reply(new Status.Failure(new FormatException("why")))), Patience);
        Assert.Equal("why", Assert.Throws<FormatException>(() => _world.Await(ask)).Message);
    }

    [Fact]
    public void An_answer_of_the_wrong_type_fails_with_both_types()
    {
        var echo = _world.ActorOf(Props.Create<EchoActor>());
        var failure = Assert.Throws<AskFailedException>(() => _world.Await(echo.Ask<int>("text", Patience)));
        Assert.Contains("the answer is String, not Int32", failure.Message);
    }

    [Fact]
    public void A_cancelled_ask_ends_as_cancelled()
    {
        using var cancellation = new CancellationTokenSource();
        var actor = _world.ActorOf(Props.Create(() => new Keeper()));
        var ask = actor.Ask<string>("question", Patience, cancellation.Token).AsTask();
        _world.RunUntilIdle();
        cancellation.Cancel();
        _world.RunUntilIdle();
        Assert.True(ask.IsCanceled);
        Assert.True(actor.Ask<string>("another", Patience, cancellation.Token).IsCanceled);
        Assert.Equal(0, _world.System.Timers.Count);
    }

    [Fact]
    public void The_sender_may_be_kept_and_told_later()
    {
        var actor = _world.ActorOf(Props.Create(() => new Keeper()));
        var ask = actor.Ask<string>("question", Patience);
        _world.RunUntilIdle();
        actor.Tell(Release.Instance, null);
        Assert.Equal("late but there", _world.Await(ask));
    }

    [Fact]
    public void The_right_to_answer_may_be_kept_and_used_later()
    {
        var kept = default(ReplyTo);
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        var ask = actor.Ask<string>(new ScriptedActor.Order(self => kept = self.DeferReply()), Patience);
        _world.RunUntilIdle();
        Assert.True(kept.IsWanted);
        Assert.False(ask.IsCompleted);
        kept.Tell("deferred");
        Assert.Equal("deferred", _world.Await(ask));
    }

    [Fact]
    public void A_second_answer_never_reaches_a_later_ask()
    {
        var kept = default(ReplyTo);
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        var order = new ScriptedActor.Order(self =>
        {
            kept = self.DeferReply();
            self.Reply("first");
            self.Reply("second");
            self.Sender.Tell("third");
        });
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal("first", _world.Await(actor.Ask<string>(order, Patience)));
            actor.Do(_ => kept.Tell("fourth"));
        }

        _world.RunUntilIdle();

        Assert.Equal(60, _world.System.DeadLetterCount);
    }

    [Fact]
    public void An_answer_after_the_time_out_is_a_dead_letter_and_never_reaches_a_later_ask()
    {
        var actor = _world.ActorOf(Props.Create(() => new Keeper()));
        var late = actor.Ask<string>("one", TimeSpan.FromMilliseconds(10));
        _world.Advance(TimeSpan.FromMilliseconds(20));
        Assert.Throws<AskTimeoutException>(() => _world.Await(late));
        var other = _world.ActorOf(Props.Create(() => new Keeper()));
        var next = other.Ask<string>("two", Patience);
        actor.Tell(Release.Instance, null);
        _world.RunUntilIdle();
        Assert.False(next.IsCompleted);
        Assert.Equal(1, _world.System.DeadLetterCount);
    }

    [Fact]
    public void The_first_of_several_answers_wins_when_an_ask_is_forwarded_to_many()
    {
        var echoes = Enumerable.Range(0, 3).Select(_ => _world.ActorOf(Props.Create<EchoActor>())).ToArray();
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        var scatter = new ScriptedActor.Order(_ =>
        {
            foreach (var echo in echoes) echo.Forward("anyone");
        });
        for (var i = 0; i < 10; i++) Assert.Equal("anyone", _world.Await(actor.Ask<string>(scatter, Patience)));
        Assert.Equal(20, _world.System.DeadLetterCount);
    }

    [Fact]
    public void A_finished_ask_leaves_no_timer_behind()
    {
        var echo = _world.ActorOf(Props.Create<EchoActor>());
        for (var i = 0; i < 100; i++) _world.Await(echo.Ask<string>("x", Patience));
        Assert.Equal(0, _world.System.Timers.Count);
    }

    [Fact]
    public void An_ask_awaited_twice_is_refused()
    {
        var echo = _world.ActorOf(Props.Create<EchoActor>());
        var ask = echo.Ask<string>("x", Patience);
        _world.Await(ask);
        Assert.Throws<InvalidOperationException>(() => ask.GetAwaiter().GetResult());
    }

    [Fact]
    public void Who_waits_goes_on_outside_of_the_answering_turn()
    {
        var actor = _world.ActorOf(Props.Create(() => new ScriptedActor()));
        var steps = new List<string>();
        var waiting = Wait();
        _world.RunUntilIdle();
        Assert.True(waiting.IsCompletedSuccessfully);
        Assert.Equal(["answered", "turn over", "went on"], steps);

        async Task Wait()
        {
            await actor.Ask<string>(
                new ScriptedActor.Order(self =>
                {
                    self.Reply("x");
                    steps.Add("answered");
                    steps.Add("turn over");
                }),
                Patience);
            Assert.Null(ActorCell.Current);
            steps.Add("went on");
        }
    }

    sealed class Release
    {
        public static readonly Release Instance = new();
    }

    /// <summary>Keeps senders, and answers all of them when it is told to.</summary>
    sealed class Keeper : UntypedActor
    {
        readonly List<IActorRef> _kept = [];

        protected override void OnReceive(object message)
        {
            if (message is Release) _kept.ForEach(sender => sender.Tell("late but there"));
            else _kept.Add(Sender);
        }
    }
}
