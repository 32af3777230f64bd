using System.Buffers.Binary;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Client.Groups;

/// <summary>What members of a group of consumers tell each other, as bytes: a version and a message behind it.</summary>
static class GroupProtocol
{
    const short Newest = 3;

    public static byte[] Subscription(
        IReadOnlyCollection<string> topics, IReadOnlyCollection<TopicPartition> owned, int generation, string? rack, byte[]? userData) =>
        Write(new ConsumerProtocolSubscription
        {
            Topics = [.. topics.Order(StringComparer.Ordinal)],
            OwnedPartitions = [.. owned.GroupBy(p => p.Topic).Select(t => new ConsumerProtocolSubscriptionTopicPartitions
            {
                Topic = t.Key, Partitions = [.. t.Select(p => p.Partition)],
            })],
            GenerationId = generation,
            RackId = rack,
            UserData = userData is null ? null : new ReadOnlyMemory<byte>(userData),
        });

    public static byte[] Assignment(IReadOnlyCollection<TopicPartition> partitions) => Write(new ConsumerProtocolAssignment
    {
        AssignedPartitions = [.. partitions.GroupBy(p => p.Topic).Select(t => new ConsumerProtocolAssignmentTopicPartitions
        {
            Topic = t.Key, Partitions = [.. t.Select(p => p.Partition)],
        })],
        UserData = null,
    });

    static byte[] Write(IMessage message)
    {
        var bytes = new byte[sizeof(short) + message.Size(Newest)];
        BinaryPrimitives.WriteInt16BigEndian(bytes, Newest);
        var writer = new WireWriter(bytes.AsSpan(sizeof(short)));
        message.Write(ref writer, Newest);
        return bytes;
    }

    /// <summary>A version that is not known yet begins as the newest known one does.</summary>
    public static ConsumerProtocolSubscription ReadSubscription(ReadOnlyMemory<byte> bytes)
    {
        var reader = new WireReader(bytes);
        short version = reader.ReadInt16("version");
        return ConsumerProtocolSubscription.Read(ref reader, Math.Clamp(version, (short)0, Newest));
    }

    public static IReadOnlyList<TopicPartition> ReadAssignment(ReadOnlyMemory<byte> bytes)
    {
        if (bytes.IsEmpty) return [];
        var reader = new WireReader(bytes);
        short version = reader.ReadInt16("version");
        var assignment = ConsumerProtocolAssignment.Read(ref reader, Math.Clamp(version, (short)0, Newest));
        return [.. assignment.AssignedPartitions.SelectMany(t => t.Partitions.Select(p => new TopicPartition(t.Topic, p)))];
    }

    /// <summary>The sticky assignor tells its earlier assignment beside the subscription: topics with partitions, and the generation.</summary>
    public static byte[] StickyUserData(IReadOnlyCollection<TopicPartition> previous, int generation)
    {
        var topics = previous.GroupBy(p => p.Topic).ToList();
        int size = 4 + topics.Sum(t => 2 + System.Text.Encoding.UTF8.GetByteCount(t.Key) + 4 + (4 * t.Count())) + 4;
        var bytes = new byte[size];
        var writer = new WireWriter(bytes);
        writer.WriteInt32(topics.Count);
        foreach (var topic in topics)
        {
            writer.WriteString(topic.Key, false, "topic");
            writer.WriteInt32Array([.. topic.Select(p => p.Partition)], false);
        }
        writer.WriteInt32(generation);
        return bytes;
    }

    /// <summary>Null if the bytes are something else.</summary>
    public static (List<TopicPartition> Previous, int Generation)? ReadStickyUserData(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var reader = new WireReader(bytes);
            var previous = new List<TopicPartition>();
            for (int left = reader.ReadCount(false, 6, "topics"); left > 0; left--)
            {
                string topic = reader.ReadString(false, "topic");
                foreach (int p in reader.ReadInt32Array(false, "partitions") ?? []) previous.Add(new TopicPartition(topic, p));
            }
            // The first version of the assignor told no generation.
            return (previous, reader.Remaining >= 4 ? reader.ReadInt32("generation") : -1);
        }
        catch (WireFormatException)
        {
            return null;
        }
    }
}
