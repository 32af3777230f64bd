using AkkaStream.Protocol.Tests.Support;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Protocol.Tests.Messages;

public class RoundTripTests
{
    const int PerVersion = 8;

    [Fact]
    public void Random_messages_of_every_version_come_back_the_same() => ForEachSample((entry, version, message) =>
    {
        byte[] bytes = Bytes.Of(message, version);
        IMessage back = Bytes.Read(entry, bytes, version);
        string json = MessageJson.Write(message, version).ToJsonString();
        Assert.Equal(json, MessageJson.Write(back, version).ToJsonString());
        Assert.Equal(bytes, Bytes.Of(back, version));
    });

    [Fact]
    public void Random_messages_of_every_version_survive_json() => ForEachSample((entry, version, message) =>
    {
        IMessage back = MessageJson.Read(entry, MessageJson.Write(message, version), version);
        Assert.Equal(Bytes.Of(message, version), Bytes.Of(back, version));
    });

    [Fact]
    public void Reading_from_a_span_copies_and_reading_from_memory_slices()
    {
        var entry = MessageCatalog.Named("SyncGroupResponse");
        byte[] bytes = Bytes.Of(new Protocol.Messages.SyncGroupResponse { Assignment = new byte[] { 1, 2, 3 } }, 5);

        var copying = new WireReader(bytes.AsSpan());
        var copied = (Protocol.Messages.SyncGroupResponse)entry.Read(ref copying, 5);
        var slicing = new WireReader(bytes.AsMemory());
        var sliced = (Protocol.Messages.SyncGroupResponse)entry.Read(ref slicing, 5);

        Array.Fill(bytes, (byte)9);
        Assert.Equal([1, 2, 3], copied.Assignment.ToArray());
        Assert.Equal([9, 9, 9], sliced.Assignment.ToArray());
    }

    static void ForEachSample(Action<MessageEntry, short, IMessage> check)
    {
        foreach (MessageEntry entry in MessageCatalog.All)
        {
            foreach (short version in entry.EachVersion)
            {
                for (int run = 0; run < PerVersion * Seeds.Runs; run++)
                {
                    try
                    {
                        var samples = new MessageSamples(Seeds.For(entry.Name, version, run));
                        check(entry, version, samples.Next(entry, version));
                    }
                    catch (Exception e)
                    {
                        Assert.Fail($"{entry.Name} v{version}, run {run}; {Seeds.Told}\n{e}");
                    }
                }
            }
        }
    }
}
