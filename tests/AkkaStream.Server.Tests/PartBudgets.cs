using AkkaStream.Actors;
using AkkaStream.Actors.Dispatch;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Server.Tests;

/// <summary>The parts of which requests are made, each with a budget of its own, so that it is seen which part grew.</summary>
[Collection(Alone.Name)]
public sealed class PartBudgets
{
    const int Count = 10_000;
    static readonly object Message = new();
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_tell_stays_within_its_budget()
    {
        await using var system = System();
        var counter = system.ActorOf(Props.Create<Echo>());
        Budget.Assert("tell", Budget.Measure(Count, () =>
        {
            for (int i = 0; i < Count; i++) counter.Tell(Message, null);
            Assert.Same(Message, counter.Ask<object>(Message, Patience).AsTask().GetAwaiter().GetResult());
        }));
    }

    [Fact]
    public async Task An_ask_stays_within_its_budget()
    {
        await using var system = System();
        var echo = system.ActorOf(Props.Create<Echo>().WithDispatcher("inline"));

        // Until it has started, on a thread of its own, its turns are not the caller's.
        Assert.Same(Message, await echo.Ask<object>(Message, Patience));
        Budget.Assert("ask", Budget.MeasureHere(Count, () =>
        {
            for (int i = 0; i < Count; i++)
            {
                var answer = echo.Ask<object>(Message, Patience);
                // A turn that has taken its time goes on elsewhere.
                while (!answer.IsCompleted) Thread.Yield();
                Assert.Same(Message, answer.Result);
            }
        }));
    }

    [Fact]
    public void Encoding_stays_within_its_budget()
    {
        var message = Produced();
        var room = new byte[message.Size(9)];
        Budget.Assert("encode", Budget.MeasureHere(Count, () =>
        {
            for (int i = 0; i < Count; i++)
            {
                var writer = new WireWriter(room);
                message.Write(ref writer, 9);
            }
        }));
    }

    [Fact]
    public void Decoding_stays_within_its_budget()
    {
        var message = Produced();
        var bytes = new byte[message.Size(9)];
        var writer = new WireWriter(bytes);
        message.Write(ref writer, 9);
        Budget.Assert("decode", Budget.MeasureHere(Count, () =>
        {
            for (int i = 0; i < Count; i++)
            {
                var reader = new WireReader(bytes.AsMemory());
                Assert.Equal(-1, ProduceRequest.Read(ref reader, 9).Acks);
            }
        }));
    }

    static ActorSystem System() => ActorSystem.Create("budget", new ActorSystemSettings { Dispatchers = [DispatcherSettings.Inline("inline")] });

    /// <summary>What most requests are: a batch of some records to one partition.</summary>
    static ProduceRequest Produced()
    {
        var builder = new RecordBatchBuilder();
        for (int i = 0; i < 16; i++) builder.Append(1_700_000_000_000, default, new byte[100]);
        return new ProduceRequest
        {
            Acks = -1,
            TimeoutMs = 30_000,
            TopicData = [new ProduceRequestTopic { Name = "topic", PartitionData = [new ProduceRequestPartition { Records = builder.ToArray() }] }],
        };
    }

    sealed class Echo : UntypedActor
    {
        protected override void OnReceive(object message) => Reply(message);
    }
}
