namespace AkkaStream.Coordinators.Tests.Groups;

/// <summary>What Kafka 4.3.1 was asked and answered, asked again of a shard that draws the same member ids.</summary>
public sealed class AnswersLikeKafka
{
    [Fact]
    public void Recorded_requests_of_classic_members_get_the_recorded_answers()
    {
        var shard = new TestShard();
        var asked = new List<(RecordedStep Step, TestCall Call)>();
        foreach (var step in RecordedGroups.Of("groups_classic").Where(s => !IsForTheHandler(s)))
        {
            shard.Ids = () => NewIdIn(step);
            if (step.Request is DeleteGroupsRequest delete) shard.Carry(shard.Shard.DeleteGroups(delete.GroupsNames, shard.Now).Decision);
            else if (step.Request is JoinGroupRequest or SyncGroupRequest or HeartbeatRequest or LeaveGroupRequest)
                asked.Add((step, shard.Send(step.Request, step.Version, step.ClientId)));
        }

        var differences = new List<string>();
        foreach (var (step, call) in asked)
        {
            string expected = RecordedGroups.Normal(step.Answer, step.Version);
            string actual = call.Response is { } response ? RecordedGroups.Normal(response, step.Version) : "no answer";
            if (expected != actual) differences.Add($"{step.Name}\n--- Kafka\n{expected}\n--- ours\n{actual}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {asked.Count} differ:\n{string.Join('\n', differences.Take(6))}");
        Assert.True(asked.Count >= 300, $"only {asked.Count} steps were compared");
    }

    /// <summary>What is refused before the coordinator is asked.</summary>
    static bool IsForTheHandler(RecordedStep step) => step.Request switch
    {
        JoinGroupRequest { GroupId: "" } or HeartbeatRequest { GroupId: "" } => true,
        SyncGroupRequest sync => step.Version >= 5 && (sync.ProtocolName is null || sync.ProtocolType is null),
        _ => false,
    };

    /// <summary>The random end of the id that Kafka gave the member.</summary>
    static string NewIdIn(RecordedStep step)
    {
        string id = ((JoinGroupResponse)step.Answer).MemberId;
        Assert.True(id.Length > 36, $"{step.Name}: Kafka gave no new id");
        return id[^36..];
    }
}
