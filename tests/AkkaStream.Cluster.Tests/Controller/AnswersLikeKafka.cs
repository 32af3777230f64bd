using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Tests.Controller;

/// <summary>What one node of Kafka 4.3.1 was asked and answered, asked again of the controller: codes and texts.</summary>
public sealed class AnswersLikeKafka
{
    static readonly HashSet<ApiKey> Asked =
    [
        ApiKey.CreateTopics, ApiKey.DeleteTopics, ApiKey.CreatePartitions, ApiKey.ElectLeaders, ApiKey.AlterPartitionReassignments,
        ApiKey.ListPartitionReassignments, ApiKey.UpdateFeatures, ApiKey.UnregisterBroker,
    ];

    [Theory]
    [InlineData("topics", 300)]
    [InlineData("cluster", 70)]
    public void Recorded_requests_get_the_recorded_answers(string script, int atLeast)
    {
        TestController controller = new TestController().WithBrokers(1);
        var differences = new List<string>();
        int compared = 0;
        foreach (RecordedStep step in RecordedAnswers.Of(script).Where(s => Asked.Contains(s.Api) && !IsTimeOfZero(s.Request)))
        {
            foreach (TopicId id in CreatedIds(step.Answer)) controller.NextIds.Enqueue(id.Value);
            IMessage answer = controller.Ask(step.Request, step.Version);
            string expected = RecordedAnswers.Normal(Comparable(step.Answer, controller), step.Version);
            string actual = RecordedAnswers.Normal(Comparable(answer, controller), step.Version);
            compared++;
            if (expected != actual) differences.Add($"{step.Name}\n--- Kafka\n{expected}\n--- ours\n{actual}");
        }

        Assert.True(differences.Count == 0, $"{differences.Count} of {compared} differ:\n{string.Join('\n', differences.Take(8))}");
        Assert.True(compared >= atLeast, $"only {compared} steps of {script} were compared");
    }

    /// <summary>Time is the actor's: see its own tests.</summary>
    static bool IsTimeOfZero(IRequest request) => request is CreateTopicsRequest { TimeoutMs: 0 };

    static IEnumerable<TopicId> CreatedIds(IMessage answer) =>
        answer is CreateTopicsResponse created ? created.Topics.Where(t => !t.TopicId.IsZero).Select(t => t.TopicId) : [];

    /// <summary>Kafka's had topics of other scripts, and of its own, when it was asked for all.</summary>
    static IMessage Comparable(IMessage answer, TestController controller)
    {
        if (answer is ElectLeadersResponse elected)
            elected.ReplicaElectionResults =
                [.. elected.ReplicaElectionResults.Where(r => r.PartitionResult.Length > 0 || controller.Image.Topics.Find(r.Topic) is not null)];
        if (answer is CreateTopicsResponse created)
            foreach (CreateTopicsResponseTopic topic in created.Topics) topic.Configs = [];
        return answer;
    }
}
