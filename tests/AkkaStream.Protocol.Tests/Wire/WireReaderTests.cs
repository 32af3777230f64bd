using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Tests.Wire;

public class WireReaderTests
{
    [Theory]
    [InlineData(new byte[] { 0 }, 0u)]
    [InlineData(new byte[] { 0x7f }, 127u)]
    [InlineData(new byte[] { 0x80, 0x01 }, 128u)]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x0f }, uint.MaxValue)]
    [InlineData(new byte[] { 0x81, 0x80, 0x00 }, 1u)]
    public void Varints_of_up_to_five_bytes_are_read_even_if_padded(byte[] bytes, uint expected)
    {
        var reader = new WireReader(bytes.AsSpan());
        Assert.Equal(expected, reader.ReadUnsignedVarint("x"));
        Assert.Equal(0, reader.Remaining);
    }

    [Theory]
    [InlineData(new byte[] { 0xff, 0xff, 0xff, 0xff, 0x10 }, "more than 32 bits")]
    [InlineData(new byte[] { 0x80, 0x80, 0x80, 0x80, 0x80, 0x00 }, "more than 32 bits")]
    [InlineData(new byte[] { 0x80, 0x80 }, "end within a varint")]
    [InlineData(new byte[0], "end within a varint")]
    public void Longer_or_unfinished_varints_are_refused(byte[] bytes, string cause) =>
        AssertRefused(bytes, cause, (ref WireReader r) => r.ReadUnsignedVarint("x"));

    [Fact]
    public void Lengths_below_null_are_refused()
    {
        AssertRefused([0xff, 0xfe], "a length of -2", (ref WireReader r) => r.ReadNullableString(false, "x"));
        AssertRefused(
            [0xff, 0xff, 0xff, 0xfe], "a length of -2", (ref WireReader r) => r.ReadNullableBytes(false, "x"));
        AssertRefused([0xff, 0xff, 0xff, 0xfe], "a length of -2", (ref WireReader r) => r.ReadInt32Array(false, "x"));
        AssertRefused([0xff, 0xff, 0xff, 0xff, 0x0f], "a length of 4294967294",
            (ref WireReader r) => r.ReadNullableString(true, "x"));
    }

    [Fact]
    public void Null_is_refused_where_it_is_not_allowed()
    {
        AssertRefused([0xff, 0xff], "null", (ref WireReader r) => r.ReadString(false, "x"));
        AssertRefused([0], "null", (ref WireReader r) => r.ReadString(true, "x"));
        AssertRefused([0], "null", (ref WireReader r) => r.ReadBytes(true, "x"));
        AssertRefused([0], "null", (ref WireReader r) => r.ReadCount(true, 1, "x"));
    }

    [Fact]
    public void Lengths_beyond_the_end_are_refused()
    {
        AssertRefused([0, 5, 1], "a length of 5, but 1 bytes are left", (ref WireReader r) => r.ReadString(false, "x"));
        AssertRefused([6, 1], "a length of 5, but 1 bytes are left", (ref WireReader r) => r.ReadBytes(true, "x"));
        AssertRefused([3, 0, 0, 0, 1], "2 elements of at least 4 bytes, but 4 bytes are left",
            (ref WireReader r) => r.ReadInt32Array(true, "x"));
        AssertRefused([0, 0, 0], "needs 4 bytes, but 3 bytes are left", (ref WireReader r) => r.ReadInt32("x"));
    }

    [Fact]
    public void Arrays_and_tagged_sections_have_a_largest_size()
    {
        byte[] million = new byte[1_000_005];
        new byte[] { 0xc2, 0x84, 0x3d }.CopyTo(million, 0);
        AssertRefused(million, "1000001 elements, more than the 1000000 allowed",
            (ref WireReader r) => r.ReadInt8Array(true, "x"));
        million[0]--;
        Assert.Equal(1_000_000, new WireReader(million.AsSpan()).ReadInt8Array(true, "x")!.Length);

        byte[] tags = new byte[30_000];
        new byte[] { 0x91, 0x4e }.CopyTo(tags, 0);
        AssertRefused(tags, "10001 tagged fields, more than the 10000 allowed", (ref WireReader r) => r.ReadTagCount());
        tags[0]--;
        Assert.Equal(10_000, new WireReader(tags.AsSpan()).ReadTagCount());
    }

    [Fact]
    public void A_tag_must_take_exactly_its_size()
    {
        // ReplicaState, tag 1: two numbers and an empty section are 13 bytes.
        byte[] state = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0];
        FetchRequest read = ReadFetch([1, 1, 13, .. state]);
        Assert.Equal(2, read.ReplicaState!.ReplicaEpoch);
        AssertFetchRefused([1, 1, 14, .. state, 0], "tag 1 is 1 bytes shorter than its size");
        AssertFetchRefused([1, 1, 12, .. state], "tag 1 is 1 bytes longer than its size");
        AssertFetchRefused([1, 1, 14, .. state], "tag 1 has a size of 14, but 13 bytes are left");
    }

    [Fact]
    public void Of_a_known_tag_that_comes_twice_the_last_one_counts()
    {
        byte[] first = [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 2, 0];
        byte[] second = [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 4, 0];
        Assert.Equal(3, ReadFetch([2, 1, 13, .. first, 1, 13, .. second]).ReplicaState!.ReplicaId);
    }

    [Fact]
    public void Bytes_that_are_no_utf8_become_replacement_characters()
    {
        byte[] bytes = [0, 4, (byte)'a', 0xff, 0xc3, (byte)'b'];
        Assert.Equal("a\ufffd\ufffdb", new WireReader(bytes.AsSpan()).ReadString(false, "x"));
    }

    [Fact]
    public void The_text_of_a_refusal_names_message_version_field_place_and_cause()
    {
        byte[] bytes = [0, 1, (byte)'g', 0, 0, 0, 1, 0, 9, (byte)'m'];
        var reader = new WireReader(bytes.AsMemory());
        WireFormatException? caught = null;
        try
        {
            HeartbeatRequest.Read(ref reader, 1);
        }
        catch (WireFormatException e)
        {
            caught = e;
        }

        Assert.NotNull(caught);
        Assert.Equal(
            "HeartbeatRequest v1, field 'memberId' at byte 9: a length of 9, but 1 bytes are left", caught.Message);
        Assert.Equal(("HeartbeatRequest", (short)1), (caught.MessageName, caught.Version));
        Assert.Equal(("memberId", 9), (caught.Field, caught.Offset));
    }

    [Fact]
    public void Left_over_bytes_are_noticed_on_request()
    {
        byte[] bytes = [0, 0, 0, 0, 7];
        AssertRefused(bytes, "1 bytes are left over", (ref WireReader r) =>
        {
            r.ReadInt32("x");
            r.ExpectEnd();
            return 0;
        });
    }

    [Fact]
    public void A_version_that_does_not_exist_is_told_with_those_that_do()
    {
        byte[] bytes = new byte[100];
        var e = Assert.Throws<WireVersionException>(() =>
        {
            var reader = new WireReader(bytes.AsSpan());
            FetchRequest.Read(ref reader, 3);
        });
        Assert.Equal("FetchRequest has no version 3: versions 4-18 are known", e.Message);
        Assert.Throws<WireVersionException>(() =>
        {
            var reader = new WireReader(bytes.AsSpan());
            ApiTable.ReadRequest((ApiKey)4, ref reader, 0);
        });
    }

    delegate T Read<out T>(ref WireReader reader);

    static void AssertRefused<T>(byte[] bytes, string cause, Read<T> read)
    {
        foreach (bool fromMemory in new[] { false, true })
        {
            var e = Assert.Throws<WireFormatException>(() =>
            {
                WireReader reader = fromMemory ? new WireReader(bytes.AsMemory()) : new WireReader(bytes.AsSpan());
                read(ref reader);
            });
            Assert.Contains(cause, e.Message);
        }
    }

    static void AssertFetchRefused(byte[] tags, string cause) =>
        Assert.Contains(cause, Assert.Throws<WireFormatException>(() => ReadFetch(tags)).Message);

    static FetchRequest ReadFetch(byte[] tags)
    {
        byte[] head = new byte[21];
        byte[] bytes = [.. head, 1, 1, 1, .. tags];
        var reader = new WireReader(bytes.AsMemory());
        FetchRequest request = FetchRequest.Read(ref reader, 15);
        reader.ExpectEnd();
        return request;
    }
}
