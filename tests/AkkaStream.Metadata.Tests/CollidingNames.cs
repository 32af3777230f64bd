using AkkaStream.Protocol.Stored;
using static AkkaStream.Metadata.Tests.Records;

namespace AkkaStream.Metadata.Tests;

public sealed class CollidingNames
{
    [Fact]
    public void A_name_that_differs_by_dot_and_underscore_collides_until_the_topic_is_gone()
    {
        MetadataImage image = Replay(Topic("a.b_c", 1), Topic("plain", 2));
        Assert.Equal("a.b_c", image.Topics.FindCollision("a_b.c"));
        Assert.Null(image.Topics.FindCollision("a.b_c"));
        Assert.Null(image.Topics.FindCollision("plain"));
        Assert.Null(image.Topics.FindCollision("a.b"));
        Assert.Null(image.Apply(new RemoveTopicRecord { TopicId = Id(1) }).Image.Topics.FindCollision("a_b.c"));
    }
}
