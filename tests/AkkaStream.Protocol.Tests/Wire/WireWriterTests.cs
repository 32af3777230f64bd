using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Tests.Support;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Protocol.Tests.Wire;

public class WireWriterTests
{
    [Fact]
    public void A_field_that_the_version_lacks_is_refused_if_it_is_set()
    {
        var request = new FetchRequest { ForgottenTopicsData = [new FetchRequestForgottenTopic()] };
        var e = Assert.Throws<WireValueException>(() => Bytes.Of(request, 6));
        Assert.Equal("FetchRequest v6, field 'forgottenTopicsData': has a value, but only versions 7-18 have the field",
            e.Message);
        Bytes.Of(request, 7);
    }

    [Fact]
    public void A_tagged_field_that_the_version_lacks_is_refused_if_it_is_set()
    {
        var request = new FetchRequest { ReplicaState = new FetchRequestReplicaState { ReplicaId = 1 } };
        Assert.Throws<WireValueException>(() => Bytes.Of(request, 14));
        Bytes.Of(request, 15);
    }

    [Fact]
    public void An_ignorable_field_is_dropped_where_the_version_lacks_it()
    {
        byte[] with = Bytes.Of(new FetchRequest { RackId = "r" }, 10);
        Assert.Equal(Bytes.Of(new FetchRequest(), 10), with);
    }

    [Fact]
    public void Null_is_refused_in_versions_that_have_no_null()
    {
        var everything = new MetadataRequest { Topics = null };
        AssertRefused(everything, 0, "'topics': null");
        Bytes.Of(everything, 1);
    }

    [Fact]
    public void A_string_too_long_for_its_length_field_is_refused()
    {
        var request = new HeartbeatRequest { GroupId = new string('x', 40_000) };
        AssertRefused(request, 3, "'groupId': a string of 40000 bytes");
        Bytes.Of(request, 4);
    }

    [Fact]
    public void Unknown_tags_are_refused_in_versions_that_have_no_tags()
    {
        var request = new FetchRequest { UnknownTags = [new TaggedField(99, new byte[1])] };
        Assert.Throws<WireValueException>(() => Bytes.Of(request, 11));
        Bytes.Of(request, 12);
    }

    [Fact]
    public void Unknown_tags_stand_between_the_known_in_rising_order()
    {
        var record = new PartitionChangeRecord
        {
            Isr = [1],
            LeaderRecoveryState = 0,
            UnknownTags = [new TaggedField(6, new byte[] { 9 }), new TaggedField(70, new byte[] { 8 })],
        };
        byte[] bytes = Bytes.Of(record, 0);
        byte[] tags = bytes[20..];
        Assert.Equal([4, 0, 5, 2, 0, 0, 0, 1, 5, 1, 0, 6, 1, 9, 70, 1, 8], tags);
    }

    [Fact]
    public void Unknown_tags_that_collide_or_fall_are_refused()
    {
        var collides = new PartitionChangeRecord { Isr = [1], UnknownTags = [new TaggedField(0, new byte[1])] };
        AssertRefused(collides, 0, "tag 0 belongs to a known field");
        var twice = new TaggedField(80, default);
        var falls = new PartitionChangeRecord { UnknownTags = [twice, twice] };
        AssertRefused(falls, 0, "tag 80 does not come after tag 80");
    }

    [Fact]
    public void A_version_that_does_not_exist_is_refused() =>
        Assert.Throws<WireVersionException>(() => Bytes.Of(new FetchRequest(), 19));

    [Fact]
    public void Requests_and_responses_are_framed_with_the_header_of_their_version()
    {
        byte[] old = Frames.ToBytes(new HeartbeatRequest { GroupId = "g" }, 0, 7, "c");
        Assert.Equal([0, 0, 0, 20, 0, 12, 0, 0, 0, 0, 0, 7, 0, 1, (byte)'c', 0, 1, (byte)'g', 0, 0, 0, 0, 0, 0], old);
        byte[] flexible = Frames.ToBytes(new HeartbeatRequest { GroupId = "g" }, 4, 7, null);
        Assert.Equal([0, 0, 0, 20, 0, 12, 0, 4, 0, 0, 0, 7, 255, 255, 0, 2, (byte)'g', 0, 0, 0, 0, 1, 0, 0], flexible);
        byte[] response = Frames.ToBytes(
            new HeartbeatResponse { ErrorCode = ErrorCode.RebalanceInProgress }, ApiKey.Heartbeat, 4, 7);
        Assert.Equal([0, 0, 0, 12, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 27, 0], response);
        byte[] versions = Frames.ToBytes(
            new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion }, ApiKey.ApiVersions, 3, 7);
        Assert.Equal([0, 0, 0, 12, 0, 0, 0, 7, 0, 35, 1, 0, 0, 0, 0, 0], versions);
    }

    [Fact]
    public void A_request_reads_its_own_response()
    {
        IRequest<HeartbeatResponse> request = new HeartbeatRequest();
        byte[] bytes = Bytes.Of(new HeartbeatResponse { ErrorCode = ErrorCode.UnknownMemberId }, 1);
        var reader = new WireReader(bytes.AsSpan());
        Assert.Equal(ErrorCode.UnknownMemberId, request.ReadResponse(ref reader, 1).ErrorCode);
        Assert.Equal(ApiKey.Heartbeat, request.ApiKey);
    }

    static void AssertRefused(IMessage message, short version, string cause) =>
        Assert.Contains(cause, Assert.Throws<WireValueException>(() => Bytes.Of(message, version)).Message);
}
