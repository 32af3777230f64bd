using System.Text;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Messages.Hot;
using AkkaStream.Protocol.Tests.Support;
using AkkaStream.Protocol.Wire;
using AkkaStream.TestKit.Messages;
using GoldenFiles = AkkaStream.TestKit.GoldenFiles;

namespace AkkaStream.Protocol.Tests.Messages;

/// <summary>
/// The views of hot requests see what the generated classes see, in all versions, and refuse what these refuse.
/// </summary>
public class HotViewTests
{
    const int PerVersion = 200;

    [Fact]
    public void The_produce_view_sees_what_the_class_sees_in_golden_random_and_damaged_bytes()
    {
        int read = 0;
        foreach ((byte[] bytes, short version, string told) in Inputs("ProduceRequest"))
            if (Check(told, () => CompareProduce(bytes, version))) read++;
        Assert.True(read > 1000);
    }

    [Fact]
    public void The_fetch_view_sees_what_the_class_sees_in_golden_random_and_damaged_bytes()
    {
        int read = 0;
        foreach ((byte[] bytes, short version, string told) in Inputs("FetchRequest"))
            if (Check(told, () => CompareFetch(bytes, version))) read++;
        Assert.True(read > 1000);
    }

    [Fact]
    public void The_header_view_sees_what_the_class_sees()
    {
        foreach (var line in GoldenFiles.Lines("messages.jsonl.gz").Where(l => l.TryGetProperty("headerHex", out _)))
        {
            if (line.GetProperty("kind").GetString() != "request") continue;
            byte[] bytes = Convert.FromHexString(line.GetProperty("headerHex").GetString()!);
            var reader = new WireReader(bytes.AsSpan());
            RequestHeader header = RequestHeader.Read(ref reader, line.GetProperty("headerVersion").GetInt16());
            var view = new RequestHeaderView([.. bytes, 1, 2, 3]);
            Assert.Equal(header.RequestApiKey, (short)view.ApiKey);
            Assert.Equal(header.RequestApiVersion, view.ApiVersion);
            Assert.Equal(header.CorrelationId, view.CorrelationId);
            Assert.Equal(header.ClientId, view.HasClientId ? Encoding.UTF8.GetString(view.ClientId) : null);
            Assert.Equal(bytes.Length, view.Length);
        }
    }

    [Fact]
    public void A_header_of_a_future_version_or_an_unknown_key_can_be_read()
    {
        byte[] future = [0, 18, 0, 99, 0, 0, 0, 7, 0, 1, (byte)'c', 0, 1, 2];
        var view = new RequestHeaderView(future);
        Assert.Equal((ApiKey.ApiVersions, 99, 7, 12), (view.ApiKey, view.ApiVersion, view.CorrelationId, view.Length));

        byte[] unknown = [3, 232, 0, 0, 0, 0, 0, 8, 255, 255, 1];
        view = new RequestHeaderView(unknown);
        Assert.Equal(((ApiKey)1000, 0, 8, 10), (view.ApiKey, view.ApiVersion, view.CorrelationId, view.Length));
    }

    [Fact]
    public void Views_allocate_nothing()
    {
        var random = Seeds.For("allocation", 0, 0);
        byte[] produce = Bytes.Of(new MessageSamples(random).Next(MessageCatalog.Named("ProduceRequest"), 9), 9);
        byte[] fetch = Bytes.Of(new MessageSamples(random).Next(MessageCatalog.Named("FetchRequest"), 12), 12);
        byte[] header = [0, 18, 0, 3, 0, 0, 0, 7, 0, 1, (byte)'c', 0];
        Walk();
        long before = GC.GetAllocatedBytesForCurrentThread();
        Walk();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        void Walk()
        {
            _ = new RequestHeaderView(header).Length;
            var p = new ProduceRequestView(produce, 9);
            while (p.MoveToTopic())
                while (p.MoveToPartition()) _ = p.Records.Length;
            var f = new FetchRequestView(fetch, 12);
            while (f.MoveToTopic())
                while (f.MoveToPartition()) _ = f.Partition.Index;
            while (f.MoveToForgottenTopic()) _ = f.ForgottenPartitionCount;
        }
    }

    [Fact]
    public void A_cursor_may_skip_partitions_and_start_again()
    {
        var request = new ProduceRequest
        {
            TopicData =
            [
                new() { Name = "a", PartitionData = [new() { Index = 1 }, new() { Index = 2 }] },
                new() { Name = "b", PartitionData = [new() { Index = 3 }] },
            ],
        };
        var view = new ProduceRequestView(Bytes.Of(request, 9), 9);
        Assert.Equal(3, view.PartitionCountOfAll);
        Assert.True(view.MoveToTopic() && view.MoveToPartition() && view.MoveToTopic());
        Assert.Equal("b", Encoding.UTF8.GetString(view.TopicName));
        view.Restart();
        Assert.True(view.MoveToTopic() && view.MoveToPartition() && view.MoveToPartition());
        Assert.Equal(2, view.PartitionIndex);
        Assert.False(view.MoveToPartition());
    }

    /// <summary>False where both refuse the bytes.</summary>
    static bool CompareProduce(byte[] bytes, short version)
    {
        var request = (ProduceRequest?)Bytes.TryRead(MessageCatalog.Named("ProduceRequest"), bytes, version);
        ProduceRequestView view;
        try
        {
            view = new ProduceRequestView(bytes, version);
        }
        catch (WireFormatException)
        {
            Assert.Null(request);
            return false;
        }

        Assert.NotNull(request);
        Assert.Equal(request.TransactionalId, view.HasTransactionalId ? Text(view.TransactionalId) : null);
        Assert.Equal(
            (request.Acks, request.TimeoutMs, request.TopicData.Length), (view.Acks, view.TimeoutMs, view.TopicCount));
        Assert.Equal(request.TopicData.Sum(t => t.PartitionData.Length), view.PartitionCountOfAll);
        foreach (ProduceRequestTopic topic in request.TopicData)
        {
            Assert.True(view.MoveToTopic());
            Assert.Equal((topic.Name, topic.TopicId), (Text(view.TopicName), view.TopicId));
            Assert.Equal(topic.PartitionData.Length, view.PartitionCount);
            foreach (ProduceRequestPartition partition in topic.PartitionData)
            {
                Assert.True(view.MoveToPartition());
                Assert.Equal(partition.Index, view.PartitionIndex);
                Assert.Equal(partition.Records is null, !view.HasRecords);
                Assert.True(partition.Records.GetValueOrDefault().Span.SequenceEqual(view.Records));
                Assert.True(bytes.AsSpan(view.RecordsOffset, view.Records.Length).SequenceEqual(view.Records));
            }

            Assert.False(view.MoveToPartition());
        }

        Assert.False(view.MoveToTopic());
        return true;
    }

    static bool CompareFetch(byte[] bytes, short version)
    {
        var request = (FetchRequest?)Bytes.TryRead(MessageCatalog.Named("FetchRequest"), bytes, version);
        FetchRequestView view;
        try
        {
            view = new FetchRequestView(bytes, version);
        }
        catch (WireFormatException)
        {
            Assert.Null(request);
            return false;
        }

        Assert.NotNull(request);
        FetchRequestReplicaState state = request.ReplicaState ?? new() { ReplicaId = request.ReplicaId };
        Assert.Equal((state.ReplicaId, state.ReplicaEpoch), (view.ReplicaId, view.ReplicaEpoch));
        Assert.Equal(
            (request.MaxWaitMs, request.MinBytes, request.MaxBytes), (view.MaxWaitMs, view.MinBytes, view.MaxBytes));
        Assert.Equal((request.IsolationLevel, request.RackId), (view.IsolationLevel, Text(view.RackId)));
        Assert.Equal((request.SessionId, request.SessionEpoch), (view.SessionId, view.SessionEpoch));
        Assert.Equal(request.Topics.Length, view.TopicCount);
        Assert.Equal(request.ClusterId, view.HasClusterId ? Text(view.ClusterId) : null);
        Assert.Equal(request.Topics.Sum(t => t.Partitions.Length), view.PartitionCountOfAll);
        foreach (FetchRequestTopic topic in request.Topics)
        {
            Assert.True(view.MoveToTopic());
            Assert.Equal((topic.Topic, topic.TopicId), (Text(view.TopicName), view.TopicId));
            Assert.Equal(topic.Partitions.Length, view.PartitionCount);
            foreach (FetchRequestPartition partition in topic.Partitions)
            {
                Assert.True(view.MoveToPartition());
                Assert.Equal(Expected(partition), view.Partition);
            }

            Assert.False(view.MoveToPartition());
        }

        Assert.False(view.MoveToTopic());
        Assert.Equal(request.ForgottenTopicsData.Length, view.ForgottenTopicCount);
        foreach (FetchRequestForgottenTopic topic in request.ForgottenTopicsData)
        {
            Assert.True(view.MoveToForgottenTopic());
            Assert.Equal((topic.Topic, topic.TopicId), (Text(view.ForgottenTopicName), view.ForgottenTopicId));
            var partitions = new int[view.ForgottenPartitionCount];
            for (int i = 0; i < partitions.Length; i++) partitions[i] = view.ForgottenPartition(i);
            Assert.Equal(topic.Partitions, partitions);
        }

        Assert.False(view.MoveToForgottenTopic());
        return true;
    }

    static FetchPartition Expected(FetchRequestPartition partition) => new()
    {
        Index = partition.Partition,
        CurrentLeaderEpoch = partition.CurrentLeaderEpoch,
        FetchOffset = partition.FetchOffset,
        LastFetchedEpoch = partition.LastFetchedEpoch,
        LogStartOffset = partition.LogStartOffset,
        MaxBytes = partition.PartitionMaxBytes,
        ReplicaDirectoryId = partition.ReplicaDirectoryId,
        HighWatermark = partition.HighWatermark,
    };

    /// <summary>Golden lines, random messages, and random messages with some bytes spoiled or cut off.</summary>
    static IEnumerable<(byte[] Bytes, short Version, string Told)> Inputs(string name)
    {
        foreach (var line in GoldenFiles.Lines("messages.jsonl.gz"))
        {
            if (line.GetProperty("name").GetString() != name) continue;
            string hex = line.GetProperty("hex").GetString()!;
            yield return (Convert.FromHexString(hex), line.GetProperty("version").GetInt16(), $"golden {hex}");
        }

        MessageEntry entry = MessageCatalog.Named(name);
        foreach (short version in entry.EachVersion)
        {
            for (int run = 0; run < PerVersion * Seeds.Runs; run++)
            {
                Random random = Seeds.For(name, version, run);
                byte[] bytes = Bytes.Of(new MessageSamples(random).Next(entry, version), version);
                yield return (bytes, version, $"random v{version} run {run}; {Seeds.Told}");
                yield return (Damage.Some(bytes, random), version, $"damaged v{version} run {run}; {Seeds.Told}");
            }
        }
    }

    static bool Check(string told, Func<bool> compare)
    {
        try
        {
            return compare();
        }
        catch (Exception e)
        {
            throw new Xunit.Sdk.XunitException($"{told}\n{e}");
        }
    }

    static string Text(ReadOnlySpan<byte> utf8) => Encoding.UTF8.GetString(utf8);
}
