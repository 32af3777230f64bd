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

    [Fact]
    public void Recorded_requests_of_the_consumer_protocol_get_the_recorded_answers()
    {
        var shard = new TestShard();
        var differences = new List<string>();
        int compared = 0;
        foreach (var step in RecordedGroups.Of("groups_consumer"))
        {
            if (step.Request is CreateTopicsRequest create)
                shard.SetTopic(create.Topics[0].Name, create.Topics[0].NumPartitions, ((CreateTopicsResponse)step.Answer).Topics[0].TopicId);
            // These were asked again and again, until the next assignment was due.
            if (step.Name.Contains("has to give up half") || step.Name.Contains("gets all back")) shard.Advance(1_000);
            shard.Ids = () => ((ConsumerGroupHeartbeatResponse)step.Answer).MemberId ?? "";
            if (AnswerOf(shard, step) is not { } answer) continue;
            compared++;
            string expected = RecordedGroups.Normal(Comparable(step.Answer, step), step.Version);
            string actual = RecordedGroups.Normal(Comparable(answer, step), step.Version);
            if (expected != actual) differences.Add($"{step.Name}\n--- Kafka\n{expected}\n--- ours\n{actual}");
        }
        Assert.True(differences.Count == 0, $"{differences.Count} of {compared} differ:\n{string.Join('\n', differences.Take(6))}");
        Assert.True(compared >= 90, $"only {compared} steps were compared");
    }

    static IMessage? AnswerOf(TestShard shard, RecordedStep step)
    {
        switch (step.Request)
        {
            case ConsumerGroupHeartbeatRequest or JoinGroupRequest:
                return shard.Ask((dynamic)step.Request, step.Version, step.ClientId);
            case OffsetCommitRequest commit:
                // The handler brings the topic's id.
                var known = new OffsetCommitRequest
                {
                    GroupId = commit.GroupId, MemberId = commit.MemberId, GenerationIdOrMemberEpoch = commit.GenerationIdOrMemberEpoch,
                    Topics = [.. commit.Topics.Select(t => new OffsetCommitRequestTopic
                    {
                        Name = t.Name, TopicId = shard.IdOf(t.Name), Partitions = t.Partitions,
                    })],
                };
                return shard.Ask(known, step.Version, step.ClientId);
            case ConsumerGroupDescribeRequest describe when !describe.GroupIds.Contains(""):
                return new ConsumerGroupDescribeResponse { Groups = [.. describe.GroupIds.Select(shard.Shard.DescribeConsumer)] };
            case DescribeGroupsRequest describe:
                return new DescribeGroupsResponse { Groups = [.. describe.Groups.Select(g => shard.Shard.DescribeClassic(g, step.Version))] };
            case OffsetFetchRequest fetch when step.Name.Contains("epoch"):
                return new OffsetFetchResponse { Groups = [.. fetch.Groups.Select(g => shard.Shard.FetchOffsets(g, fetch.RequireStable))] };
            case DeleteGroupsRequest delete:
                var (decision, outcomes) = shard.Shard.DeleteGroups(delete.GroupsNames, shard.Now);
                shard.Carry(decision);
                return new DeleteGroupsResponse
                {
                    Results = [.. outcomes.Select(o => new DeleteGroupsResponseGroup { GroupId = o.Key, ErrorCode = o.Value })],
                };
            default:
                return null;
        }
    }

    /// <summary>Rights are the handler's; where a step's outcome hangs on Kafka's own time, its script leaves that out, and so does this.</summary>
    static IMessage Comparable(IMessage answer, RecordedStep step)
    {
        switch (answer)
        {
            case ConsumerGroupDescribeResponse described:
                foreach (var group in described.Groups)
                {
                    group.AuthorizedOperations = int.MinValue;
                    if (step.Name.EndsWith("empty")) (group.GroupEpoch, group.AssignmentEpoch) = (0, 0);
                }
                break;
            case ConsumerGroupHeartbeatResponse beat when step.Name.Contains("an unknown topic"):
                (beat.MemberEpoch, beat.Assignment) = (0, null);
                break;
            case ConsumerGroupHeartbeatResponse beat when step.Name.Contains("([") || step.Name.Contains("bad regex"):
                beat.ErrorMessage = "";
                break;
            case JoinGroupResponse joined:
                joined.MemberId = "";
                break;
        }
        return answer;
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
