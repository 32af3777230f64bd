using AkkaStream.Protocol;
using AkkaStream.Protocol.Stored;
using static AkkaStream.Metadata.Tests.Records;

namespace AkkaStream.Metadata.Tests;

public sealed class KeptRecords
{
    static ClientQuotaRecord Quota(double value, bool remove, params string[] kinds) => new()
    {
        Entity = [.. kinds.Select(k => new ClientQuotaRecordEntity { EntityType = k, EntityName = "x" })],
        Key = "producer_byte_rate",
        Value = value,
        Remove = remove,
    };

    [Fact]
    public void What_the_image_has_no_shape_for_survives_a_snapshot()
    {
        MetadataImage image = Replay(
            new AccessControlEntryRecord { Id = new Uuid(1, 1), Principal = "User:a" },
            Quota(7, remove: false, "user", "client-id"),
            new UserScramCredentialRecord { Name = "u", Mechanism = 1, Iterations = 4096 },
            new DelegationTokenRecord { TokenId = "t" },
            new RegisterControllerRecord { ControllerId = 1 });
        Assert.Equal(5, image.Kept.Records.Count());
        Assert.Equal(Bytes(image), Bytes(Replay(ImageRecords.Of(image))));
    }

    [Fact]
    public void The_newest_record_of_a_key_counts_and_a_removal_removes_it()
    {
        MetadataImage image = Replay(
            Quota(7, remove: false, "user", "client-id"), Quota(9, remove: false, "client-id", "user"));
        Assert.Equal(9, Assert.IsType<ClientQuotaRecord>(Assert.Single(image.Kept.Records)).Value);
        Assert.Empty(image.Apply(Quota(0, remove: true, "user", "client-id")).Image.Kept.Records);
    }

    [Fact]
    public void Deleting_a_topic_takes_its_configuration_along()
    {
        MetadataImage image = Replay(Topic("a", 1), Config(ConfigResource.Topic("a"), "retention.ms", "1"));
        Assert.Single(image.Configs.Resources);
        Assert.Empty(image.Apply(new RemoveTopicRecord { TopicId = Id(1) }).Image.Configs.Resources);
    }
}
