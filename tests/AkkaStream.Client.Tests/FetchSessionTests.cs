using AkkaStream.Client.Consuming;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Client.Tests;

public sealed class FetchSessionTests
{
    static WantedFetch Want(int partition, long offset = 0, long topicId = 1) =>
        new(new TopicPartition("t", partition), topicId == 0 ? TopicId.Zero : new TopicId(0, topicId), offset, 0, 100);

    static FetchResponse Ok(int session) => new() { SessionId = session };

    [Fact]
    public void After_the_first_request_only_what_changed_is_told()
    {
        var session = new FetchSession();
        var first = session.Next([Want(0), Want(1)]);
        Assert.Equal((0, 0, 2), (first.SessionId, first.Epoch, first.Wanted.Count));
        session.OnAnswer(Ok(9));

        var second = session.Next([Want(0, 5), Want(1)]);
        Assert.Equal((9, 1), (second.SessionId, second.Epoch));
        Assert.Equal([Want(0, 5)], second.Wanted);
        Assert.Empty(second.Forgotten);
        session.OnAnswer(Ok(9));

        var third = session.Next([Want(0, 5)]);
        Assert.Equal(2, third.Epoch);
        Assert.Empty(third.Wanted);
        Assert.Equal([1], third.Forgotten.Select(f => f.Partition.Partition));
    }

    [Fact]
    public void A_broker_without_room_for_sessions_gets_whole_requests()
    {
        var session = new FetchSession();
        session.Next([Want(0)]);
        session.OnAnswer(Ok(0));

        var second = session.Next([Want(0)]);
        Assert.Equal((0, 0, 1), (second.SessionId, second.Epoch, second.Wanted.Count));
    }

    [Fact]
    public void A_lost_answer_closes_the_session_and_a_new_one_tells_everything()
    {
        var session = new FetchSession();
        session.Next([Want(0), Want(1)]);
        session.OnAnswer(Ok(9));
        session.Next([Want(0, 5), Want(1)]);
        session.OnFailed();

        var next = session.Next([Want(0, 5), Want(1)]);
        Assert.Equal((9, 0, 2), (next.SessionId, next.Epoch, next.Wanted.Count));
    }

    [Fact]
    public void A_session_that_the_broker_evicted_is_begun_anew()
    {
        var session = new FetchSession();
        session.Next([Want(0)]);
        session.OnAnswer(Ok(9));
        session.Next([Want(0, 1)]);
        session.OnAnswer(new FetchResponse { ErrorCode = ErrorCode.FetchSessionIdNotFound });

        var next = session.Next([Want(0, 1)]);
        Assert.Equal((0, 0, 1), (next.SessionId, next.Epoch, next.Wanted.Count));
    }

    [Fact]
    public void Names_and_ids_are_not_mixed_within_a_session()
    {
        var session = new FetchSession();
        Assert.False(session.Next([Want(0, topicId: 0)]).ById);
        session.OnAnswer(Ok(9));

        var next = session.Next([Want(0)]);
        Assert.True(next.ById);
        Assert.Equal((9, 0), (next.SessionId, next.Epoch));
    }
}
