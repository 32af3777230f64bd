using AkkaStream.Actors.Mailboxes;
using AkkaStream.TestKit;

namespace AkkaStream.Actors.Tests;

public class MailboxTests
{
    [Fact]
    public void The_first_message_for_an_idle_actor_asks_for_a_turn_and_later_ones_do_not()
    {
        var mailbox = Idle();
        Assert.Equal(Offer.Schedule, mailbox.Offer("a", null, false));
        Assert.Equal(Offer.Queued, mailbox.Offer("b", null, false));
    }

    [Fact]
    public void An_idle_actor_may_run_on_the_telling_thread_and_a_busy_one_may_not()
    {
        var mailbox = Idle();
        Assert.Equal(Offer.RunHere, mailbox.Offer("a", null, true));
        Assert.Equal(Offer.Queued, mailbox.Offer("b", null, true));
    }

    [Fact]
    public void System_messages_come_before_all_user_messages()
    {
        var mailbox = Idle();
        mailbox.Offer("a", null, false);
        mailbox.OfferSystem(new Terminate());
        var batch = new Envelope[4];
        Assert.Equal(Mailbox.SystemFirst, mailbox.Take(batch, null));
        Assert.IsType<Terminate>(mailbox.TakeSystem());
        Assert.Equal(1, mailbox.Take(batch, null));
    }

    [Fact]
    public void System_messages_keep_their_order()
    {
        var mailbox = Idle();
        SystemMessage[] sent = [new Terminate(), new Suspend(), new Terminate()];
        foreach (var message in sent) mailbox.OfferSystem(message);
        var taken = new List<SystemMessage>();
        for (var m = mailbox.TakeSystem(); m is not null; m = m.Next) taken.Add(m);
        Assert.Equal(sent, taken);
    }

    [Fact]
    public void While_held_user_messages_wait_and_system_messages_wake()
    {
        var mailbox = Busy();
        mailbox.Hold(HoldReasons.Suspended);
        mailbox.Offer("a", null, false);
        Assert.Equal(0, mailbox.Take(new Envelope[4], null));
        Assert.Equal(Offer.Queued, mailbox.Offer("b", null, true));
        Assert.Equal(Offer.Schedule, mailbox.OfferSystem(new Terminate()));
        mailbox.TakeSystem();
        mailbox.Release(HoldReasons.Suspended);
        Assert.Equal(2, mailbox.Take(new Envelope[4], null));
    }

    [Fact]
    public void A_full_mailbox_refuses_user_messages_but_never_the_kernels()
    {
        var mailbox = new Mailbox(2);
        mailbox.Offer("a", null, false);
        mailbox.Offer("b", null, false);
        Assert.Equal(Offer.Full, mailbox.Offer("c", null, false));
        Assert.Equal(Offer.Queued, mailbox.Offer(PoisonPill.Instance, null, false));
        Assert.Equal(Offer.Queued, mailbox.OfferSystem(new Terminate()));
    }

    [Fact]
    public void A_closed_mailbox_hands_out_what_waited_and_refuses_all_that_comes()
    {
        var mailbox = Busy();
        mailbox.Offer("a", null, false);
        mailbox.Offer("b", null, false);
        mailbox.OfferSystem(new Terminate());
        var rest = mailbox.Close(out var system);
        Assert.Equal(["a", "b"], rest.Select(e => e.Message));
        Assert.IsType<Terminate>(system);
        Assert.Equal(Offer.Closed, mailbox.Offer("c", null, true));
        Assert.Equal(Offer.Closed, mailbox.OfferSystem(new Terminate()));
    }

    [Fact]
    public void Whatever_is_offered_taken_and_put_back_the_order_is_that_of_a_plain_queue() => Seeds.ForEach(20, seed =>
    {
        var random = new SeededRandom((ulong)seed);
        var mailbox = Idle();
        var model = new LinkedList<int>();
        var busy = false;
        var next = 0;
        for (var step = 0; step < 3_000; step++)
        {
            var burst = random.Next(10) == 0 ? 100 : random.Next(3);
            for (var i = 0; i < burst; i++)
            {
                var offer = mailbox.Offer(next, null, false);
                Assert.Equal(busy ? Offer.Queued : Offer.Schedule, offer);
                busy = true;
                model.AddLast(next++);
            }

            if (!busy) continue;
            var batch = new Envelope[1 + random.Next(40)];
            var taken = mailbox.Take(batch, null);
            Assert.Equal(Math.Min(batch.Length, model.Count), taken);
            busy = taken > 0;
            for (var i = 0; i < taken; i++)
            {
                Assert.Equal(model.First!.Value, batch[i].Message);
                model.RemoveFirst();
            }

            var back = taken == 0 ? 0 : random.Next(taken + 1);
            mailbox.PutBack(batch.AsSpan(taken - back, back));
            for (var i = taken - 1; i >= taken - back; i--) model.AddFirst((int)batch[i].Message);
            Assert.Equal(model.Count, mailbox.Count);
        }
    });

    static Mailbox Busy() => new(int.MaxValue);

    static Mailbox Idle()
    {
        var mailbox = Busy();
        Assert.Equal(0, mailbox.Take(new Envelope[1], null));
        return mailbox;
    }
}
