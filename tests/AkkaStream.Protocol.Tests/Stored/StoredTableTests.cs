using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Tests.Stored;

public class StoredTableTests
{
    [Fact]
    public void A_metadata_record_stands_behind_frame_type_and_version()
    {
        var record = new TopicRecord { Name = "t", TopicId = new TopicId(0, 5) };
        byte[] bytes = StoredTable.ToBytes(record, 0);
        Assert.Equal([1, 2, 0, 2, (byte)'t'], bytes[..5]);
        var back = Assert.IsType<TopicRecord>(StoredTable.ReadMetadata(bytes));
        Assert.Equal(("t", new TopicId(0, 5)), (back.Name, back.TopicId));
    }

    [Fact]
    public void A_group_record_is_found_by_the_type_in_its_key()
    {
        byte[] key = StoredTable.ToBytes(new OffsetCommitKey { Group = "g", Topic = "t", Partition = 3 }, 0);
        byte[] value = StoredTable.ToBytes(new OffsetCommitValue { Offset = 42, LeaderEpoch = 7 }, 3);
        Assert.Equal([0, 1, 0, 1, (byte)'g'], key[..5]);
        Assert.Equal([0, 3], value[..2]);
        var readKey = Assert.IsType<OffsetCommitKey>(StoredTable.ReadGroupKey(key));
        var readValue = Assert.IsType<OffsetCommitValue>(
            StoredTable.ReadGroupValue(((IStoredMessage)readKey).Id, value));
        Assert.Equal((3, 42L, 7), (readKey.Partition, readValue.Offset, readValue.LeaderEpoch));
    }

    [Fact]
    public void An_unknown_type_is_null_and_an_unknown_version_is_told()
    {
        Assert.Null(StoredTable.ReadGroupKey(new byte[] { 0, 99, 1, 2, 3 }));
        Assert.Null(StoredTable.ReadGroupValue(99, new byte[] { 0, 0, 1 }));
        Assert.Null(StoredTable.ReadMetadata(new byte[] { 1, 0xff, 0xff, 0x0f, 0, 1 }));
        Assert.Null(StoredTable.ReadTransactionKey(new byte[] { 0, 9 }));
        Assert.Null(StoredTable.ReadShareKey(new byte[] { 0, 9 }));
        var e = Assert.Throws<WireVersionException>(() => StoredTable.ReadGroupValue(1, new byte[] { 0, 77, 0 }));
        Assert.Equal("OffsetCommitValue has no version 77: versions 0-4 are known", e.Message);
    }

    [Fact]
    public void A_broken_frame_is_refused_with_its_reason()
    {
        AssertRefused(() => StoredTable.ReadMetadata(new byte[] { 2, 2, 0 }), "'frameVersion' at byte 1: 2");
        AssertRefused(() => StoredTable.ReadMetadata(new byte[] { 1, 2, 0xff, 0xff, 3 }), "'version'");
        AssertRefused(() => StoredTable.ReadGroupKey(new byte[] { 0 }), "'type'");
        byte[] key = [.. StoredTable.ToBytes(new GroupMetadataKey { Group = "g" }, 0), 0];
        AssertRefused(() => StoredTable.ReadGroupKey(key), "1 bytes are left over");
    }

    [Fact]
    public void A_member_of_the_consumer_protocol_is_stored_with_an_explicit_null_for_the_classic_part()
    {
        byte[] with = StoredTable.ToBytes(new ConsumerGroupMemberMetadataValue { ClassicMemberMetadata = null }, 0);
        byte[] absent = StoredTable.ToBytes(new ConsumerGroupMemberMetadataValue(), 0);
        Assert.Equal(absent.Length + 3, with.Length);
        Assert.Null(((ConsumerGroupMemberMetadataValue)StoredTable.ReadGroupValue(5, with)!).ClassicMemberMetadata);
        Assert.NotNull(
            ((ConsumerGroupMemberMetadataValue)StoredTable.ReadGroupValue(5, absent)!).ClassicMemberMetadata);
    }

    [Fact]
    public void What_newer_consumers_tell_is_read_as_far_as_it_is_known()
    {
        byte[] bytes = [.. StoredTable.ToBytes(new ConsumerProtocolSubscription { Topics = ["a"], RackId = "r" }, 3), 1, 2];
        bytes[1] = 9;
        ConsumerProtocolSubscription subscription = StoredTable.ReadSubscription(bytes);
        Assert.Equal(["a"], subscription.Topics);
        Assert.Equal("r", subscription.RackId);

        var partitions = new ConsumerProtocolAssignmentTopicPartitions { Topic = "a", Partitions = [1, 2] };
        byte[] given = StoredTable.ToBytes(new ConsumerProtocolAssignment { AssignedPartitions = [partitions] }, 0);
        Assert.Equal([1, 2], StoredTable.ReadAssignment(given).AssignedPartitions[0].Partitions);
        AssertRefused(() => StoredTable.ReadAssignment(new byte[] { 0xff, 0xff }), "'version'");
    }

    static void AssertRefused(Func<object?> read, string cause) =>
        Assert.Contains(cause, Assert.Throws<WireFormatException>(read).Message);
}
