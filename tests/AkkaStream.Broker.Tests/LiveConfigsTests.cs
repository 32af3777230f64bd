using AkkaStream.Broker.Configs;
using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Broker.Tests;

public sealed class LiveConfigsTests
{
    static readonly BrokerIdentity Identity = new() { Id = new BrokerId(1), ClusterId = "c" };
    readonly LiveConfigs _configs = new(Identity, new Dictionary<string, string> { ["log.retention.hours"] = "1", ["log.roll.hours"] = "2" });
    MetadataImage _image = MetadataImage.Empty;

    void Set(ConfigResource resource, string name, string? value)
    {
        var draft = new MetadataDraft(_image);
        draft.Apply(new ConfigRecord { ResourceType = (sbyte)resource.Type, ResourceName = resource.Name, Name = name, Value = value });
        (_image, var delta) = draft.Build(_image.Revision + 1);
        Assert.True(_configs.OnMetadata(_image, delta).IsCompletedSuccessfully);
    }

    long RetentionOf(string topic) => _configs.ReplicaConfigOf(_image, topic).Log.RetentionMs;

    [Fact]
    public void Topic_counts_over_broker_over_cluster_over_file()
    {
        Assert.Equal(3_600_000, RetentionOf("t"));

        Set(ConfigResource.BrokerDefault, "log.retention.ms", "2");
        Assert.Equal(2, RetentionOf("t"));
        Set(ConfigResource.Broker(Identity.Id), "log.retention.ms", "3");
        Assert.Equal(3, RetentionOf("t"));
        Set(ConfigResource.Topic("t"), "retention.ms", "4");
        Assert.Equal((4, 3), (RetentionOf("t"), RetentionOf("u")));

        Set(ConfigResource.Topic("t"), "retention.ms", null);
        Set(ConfigResource.Broker(Identity.Id), "log.retention.ms", null);
        Set(ConfigResource.BrokerDefault, "log.retention.ms", null);
        Assert.Equal(3_600_000, RetentionOf("t"));
    }

    [Fact]
    public void Another_broker_s_settings_are_not_ours()
    {
        Set(ConfigResource.Broker(new BrokerId(2)), "log.retention.ms", "3");

        Assert.Equal(3_600_000, RetentionOf("t"));
    }

    [Fact]
    public void Topics_without_settings_of_their_own_share_one_object()
    {
        Set(ConfigResource.Topic("t"), "retention.ms", "4");

        Assert.Same(_configs.ReplicaConfigOf(_image, "a"), _configs.ReplicaConfigOf(_image, "b"));
        Assert.NotSame(_configs.ReplicaConfigOf(_image, "a"), _configs.ReplicaConfigOf(_image, "t"));
    }

    [Fact]
    public void The_broker_s_own_settings_are_live_too()
    {
        Assert.Equal(TimeSpan.FromMinutes(1), _configs.Settings.DeleteDelay);

        Set(ConfigResource.BrokerDefault, "log.segment.delete.delay.ms", "5");

        Assert.Equal(TimeSpan.FromMilliseconds(5), _configs.Settings.DeleteDelay);
    }
}
