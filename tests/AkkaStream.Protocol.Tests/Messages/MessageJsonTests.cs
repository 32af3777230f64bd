using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Protocol.Messages;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Protocol.Tests.Messages;

public class MessageJsonTests
{
    [Fact]
    public void A_partial_body_keeps_defaults_for_what_it_leaves_out()
    {
        var request = (FetchRequest)Read(
            "FetchRequest", 12, """{"maxWaitMs":500,"topics":[{"topic":"t","partitions":[{"fetchOffset":7}]}]}""");
        Assert.Equal((500, int.MaxValue, -1), (request.MaxWaitMs, request.MaxBytes, request.SessionEpoch));
        FetchRequestPartition partition = Assert.Single(request.Topics[0].Partitions);
        Assert.Equal((7, -1), (partition.FetchOffset, partition.CurrentLeaderEpoch));
    }

    [Fact]
    public void Fields_of_other_versions_are_skipped()
    {
        const string Body = """{"transactionalId":"x","topicData":[{"name":"t","topicId":"AAAAAAAAAAAAAAAAAAAAAQ"}]}""";
        Assert.Equal(("t", TopicId.Zero), Topic(3));
        Assert.Equal(("", TopicId.ClusterMetadata), Topic(13));

        (string, TopicId) Topic(short version)
        {
            ProduceRequestTopic topic = ((ProduceRequest)Read("ProduceRequest", version, Body)).TopicData[0];
            return (topic.Name, topic.TopicId);
        }
    }

    [Fact]
    public void A_field_that_no_version_has_is_refused_by_its_path()
    {
        var e = Assert.Throws<JsonException>(() => Read("ProduceRequest", 9, """{"topicData":[{"nam":"t"}]}"""));
        Assert.StartsWith(
            "ProduceRequest.topicData[0] has no field 'nam'; it has name, topicId, partitionData", e.Message);
    }

    [Fact]
    public void Null_is_refused_where_the_version_has_none()
    {
        var e = Assert.Throws<JsonException>(() => Read("MetadataRequest", 0, """{"topics":null}"""));
        Assert.Equal("MetadataRequest.topics cannot be null in version 0", e.Message);
        Assert.Null(((MetadataRequest)Read("MetadataRequest", 1, """{"topics":null}""")).Topics);
    }

    [Fact]
    public void A_tagged_field_is_printed_only_if_it_is_set()
    {
        var response = new ProduceResponse();
        Assert.Equal("""{"responses":[],"throttleTimeMs":0}""", MessageJson.Write(response, 10).ToJsonString());
        response.NodeEndpoints = [new ProduceResponseNodeEndpoint { NodeId = 1, Host = "h", Port = 9092 }];
        string json = MessageJson.Write(response, 10).ToJsonString();
        Assert.EndsWith("""[{"nodeId":1,"host":"h","port":9092,"rack":null}]}""", json);
    }

    static object Read(string name, short version, string json) =>
        MessageJson.Read(MessageCatalog.Named(name), JsonNode.Parse(json)!.AsObject(), version);
}
