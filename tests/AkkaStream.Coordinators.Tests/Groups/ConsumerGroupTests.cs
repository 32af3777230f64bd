using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class ConsumerGroupTests
{
    const int Session = 45_000, Interval = 1_000;
    readonly TestShard _shard = new();

    public ConsumerGroupTests() => _shard.SetTopics(("t", 4), ("u", 2));

    [Fact]
    public void The_first_member_gets_everything_at_once()
    {
        var a = New("a");
        var answer = a.Join();
        Assert.Equal((ErrorCode.None, 2, 5_000), (answer.ErrorCode, answer.MemberEpoch, answer.HeartbeatIntervalMs));
        Assert.Equal([0, 1, 2, 3], a.Given);
        Assert.Equal("Stable", _shard.Consumers("g").StateName);
    }

    [Fact]
    public void A_second_member_gets_its_share_when_the_first_has_let_go()
    {
        var (a, b) = (New("a"), New("b"));
        a.Join();
        a.Follow();
        b.Join();
        Assert.Empty(b.Given);
        Assert.Equal("Assigning", _shard.Consumers("g").StateName);
        _shard.Advance(Interval);
        a.Beat();
        Assert.Equal([0, 1], a.Given);
        Assert.Equal(2, a.Epoch);
        b.Beat();
        Assert.Equal(3, b.Epoch);
        Assert.Empty(b.Given);
        Assert.Equal("Reconciling", _shard.Consumers("g").StateName);
        a.Follow();
        Assert.Equal(3, a.Epoch);
        b.Beat();
        Assert.Equal([2, 3], b.Given);
        Assert.Equal("Stable", _shard.Consumers("g").StateName);
    }

    [Fact]
    public void A_member_that_does_not_give_up_in_time_is_fenced()
    {
        var (a, b) = (New("a"), New("b"));
        a.RebalanceTimeoutMs = 30_000;
        a.Join();
        b.Join();
        _shard.Advance(Interval);
        a.Beat();
        for (int i = 0; i < 6; i++)
        {
            Assert.Equal(ErrorCode.None, a.Beat().ErrorCode);
            _shard.Advance(5_000);
            b.Beat();
        }
        Assert.Equal(ErrorCode.UnknownMemberId, a.Beat().ErrorCode);
        _shard.Advance(Interval);
        b.Beat();
        Assert.Equal([0, 1, 2, 3], b.Given);
    }

    [Fact]
    public void A_silent_member_is_thrown_out_after_its_session()
    {
        var a = New("a");
        a.Join();
        _shard.Advance(Session - 1);
        Assert.Equal(ErrorCode.None, a.Beat().ErrorCode);
        _shard.Advance(Session);
        Assert.Equal(ErrorCode.UnknownMemberId, a.Beat().ErrorCode);
        Assert.Equal("Empty", _shard.Consumers("g").StateName);
        Assert.Contains(_shard.Events, e => e.Kind == GroupEventKind.Emptied && e.MemberId == "a");
    }

    [Fact]
    public void A_lost_answer_is_given_again_to_whoever_owns_nothing_more()
    {
        var a = New("a");
        a.Join();
        var lost = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "a", MemberEpoch = 0, RebalanceTimeoutMs = 1_000, SubscribedTopicNames = ["t"], TopicPartitions = [] };
        Assert.Equal((ErrorCode.None, 2), (_shard.Ask(lost, 1).ErrorCode, _shard.Ask(lost, 1).MemberEpoch));
        var ahead = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "a", MemberEpoch = 9 };
        Assert.Equal(ErrorCode.FencedMemberEpoch, _shard.Ask(ahead, 1).ErrorCode);
        var behind = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "a", MemberEpoch = 1 };
        Assert.Equal(ErrorCode.FencedMemberEpoch, _shard.Ask(behind, 1).ErrorCode);
    }

    [Fact]
    public void New_partitions_and_new_topics_reach_the_members()
    {
        var a = New("a");
        a.Topics = ["t", "later"];
        a.Join();
        Assert.Equal(4, a.Given.Length);
        _shard.SetTopics(("t", 6), ("u", 2), ("later", 1));
        _shard.Advance(Interval);
        a.Beat();
        Assert.Equal(7, a.Given.Length);
        _shard.SetTopics(("t", 6), ("u", 2));
        _shard.Advance(Interval);
        a.Beat();
        Assert.Equal(6, a.Given.Length);
    }

    [Fact]
    public void What_a_member_stops_reading_is_taken_at_once()
    {
        var a = New("a");
        a.Join();
        a.Follow();
        a.Subscribe("u");
        Assert.Empty(a.Given);
        a.Follow();
        _shard.Advance(Interval);
        a.Beat();
        Assert.Equal(2, a.Given.Length);
    }

    [Fact]
    public void A_pattern_finds_topics_that_are_there_and_those_that_come()
    {
        var a = New("a");
        a.Topics = null;
        a.Regex = "t|u.*";
        a.Join();
        Assert.Equal(6, a.Given.Length);
        _shard.SetTopics(("t", 4), ("u", 2), ("u2", 3), ("other", 1), ("__consumer_offsets", 50));
        _shard.Advance(Interval);
        a.Beat();
        Assert.Equal(9, a.Given.Length);
        var after = _shard.Restarted();
        var b = new Consumer(after, "g", "b") { Topics = null, Regex = "u.*" };
        Assert.Equal(ErrorCode.None, b.Join().ErrorCode);
    }

    [Theory]
    [InlineData("([", false)]
    [InlineData("", true)]
    [InlineData(@"(?P<name>a+)\Q.x\E[[:digit:]]\pL", true)]
    [InlineData(@"(a)\1", false)]
    [InlineData("a(?=b)", false)]
    public void Patterns_are_those_of_RE2(string pattern, bool valid)
    {
        var a = New("a");
        a.Topics = null;
        a.Regex = pattern;
        Assert.Equal(valid ? ErrorCode.None : ErrorCode.InvalidRegularExpression, a.Join().ErrorCode);
    }

    [Fact]
    public void Offsets_are_committed_by_members_with_their_epoch()
    {
        var a = New("a");
        a.Join();
        Assert.Equal(ErrorCode.None, a.Commit(0, 7));
        Assert.Equal(ErrorCode.StaleMemberEpoch, a.Commit(0, 8, epoch: 9));
        Assert.Equal(ErrorCode.UnknownMemberId, New("x").Commit(0, 8));
        Assert.Equal(ErrorCode.UnsupportedVersion, CodeOf(_shard.Ask(Commit("g", "t", 0, 1, "a", 2), 8)));
        Assert.Equal(7, _shard.Offset("g", "t", 0)?.Offset);
    }

    [Fact]
    public void A_commit_with_an_older_epoch_counts_for_partitions_that_were_owned_by_then()
    {
        var (a, b) = (New("a"), New("b"));
        a.Join();
        a.Follow();
        b.Join();
        _shard.Advance(Interval);
        a.Beat();
        a.Follow();
        Assert.Equal(3, a.Epoch);
        Assert.Equal(ErrorCode.None, a.Commit(0, 5, epoch: 2));
        Assert.Equal(ErrorCode.StaleMemberEpoch, a.Commit(3, 5, epoch: 2));
        b.Beat();
        b.Beat();
        Assert.Equal(ErrorCode.StaleMemberEpoch, b.Commit(2, 5, epoch: 2));
        Assert.Equal(ErrorCode.None, b.Commit(2, 5));
    }

    [Fact]
    public void A_static_member_leaves_for_a_while_and_another_process_takes_its_place()
    {
        var a = New("a", "i");
        a.Join();
        a.Follow();
        Assert.Equal(ErrorCode.UnreleasedInstanceId, New("b", "i").Join().ErrorCode);
        Assert.Equal(-2, a.Leave(-2).MemberEpoch);
        var b = New("b", "i");
        Assert.Equal((ErrorCode.None, 2), (b.Join().ErrorCode, b.Epoch));
        Assert.Equal([0, 1, 2, 3], b.Given);
        var late = new ConsumerGroupHeartbeatRequest { GroupId = "g", MemberId = "a", InstanceId = "i", MemberEpoch = 2 };
        Assert.Equal(ErrorCode.FencedInstanceId, _shard.Ask(late, 1).ErrorCode);
        Assert.Equal(2, _shard.Consumers("g").Epoch);
    }

    [Fact]
    public void A_static_member_that_stays_away_is_thrown_out()
    {
        var a = New("a", "i");
        a.Join();
        a.Leave(-2);
        _shard.Advance(Session);
        Assert.Empty(_shard.Consumers("g").Members);
    }

    [Fact]
    public void A_restart_brings_everything_back()
    {
        var (a, b) = (New("a"), New("b", "i"));
        a.Join();
        a.Follow();
        b.Join();
        _shard.Advance(Interval);
        a.Beat();
        var after = _shard.Restarted();
        var before = Show(_shard.Shard.DescribeConsumer("g"));
        Assert.Equal(before, Show(after.Shard.DescribeConsumer("g")));
        Assert.Equal("Reconciling", after.Consumers("g").StateName);
    }

    [Fact]
    public void A_group_may_set_its_own_times_within_the_brokers_bounds()
    {
        _shard.SetGroupConfig("g", "consumer.heartbeat.interval.ms", "7000");
        _shard.SetGroupConfig("g", "consumer.session.timeout.ms", "999999");
        var a = New("a");
        Assert.Equal(7_000, a.Join().HeartbeatIntervalMs);
        _shard.Advance(60_000 - 1);
        Assert.Equal(ErrorCode.None, a.Beat().ErrorCode);
        _shard.Advance(60_000);
        Assert.Equal(ErrorCode.UnknownMemberId, a.Beat().ErrorCode);
    }

    [Fact]
    public void An_empty_group_can_be_deleted_and_leaves_nothing()
    {
        var a = New("a");
        a.Join();
        a.Commit(0, 1);
        a.Leave();
        var (decision, outcomes) = _shard.Shard.DeleteGroups(["g"], _shard.Now);
        _shard.Carry(decision);
        Assert.Equal(ErrorCode.None, outcomes["g"]);
        Assert.Empty(_shard.Restarted().Shard.Groups);
    }

    [Fact]
    public void A_heartbeat_that_cannot_be_written_has_not_happened()
    {
        _shard.AppendError = ErrorCode.NotEnoughReplicas;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, New("a").Join().ErrorCode);
        Assert.Empty(_shard.Shard.Groups);
        _shard.AppendError = ErrorCode.None;
        Assert.Equal(ErrorCode.None, New("a").Join().ErrorCode);
    }

    [Fact]
    public void Most_members_choose_the_assignor()
    {
        var (a, b) = (New("a"), New("b"));
        (a.Assignor, b.Assignor) = ("range", "range");
        a.Join();
        b.Join();
        Assert.Equal("range", _shard.Shard.DescribeConsumer("g").AssignorName);
        Assert.Equal(ErrorCode.UnsupportedAssignor, new Consumer(_shard, "g", "c") { Assignor = "magic" }.Join().ErrorCode);
    }

    [Fact]
    public void A_rebalance_tells_who_set_it_off_and_how_long_it_took()
    {
        var (a, b) = (New("a"), New("b"));
        a.Join();
        a.Follow();
        _shard.Events.Clear();
        b.Join();
        _shard.Advance(1_500);
        a.Beat();
        b.Beat();
        a.Follow();
        b.Beat();
        var ended = Assert.Single(_shard.Events, e => e.Kind == GroupEventKind.Rebalanced);
        Assert.Equal(("b", 1_500L, 2), (ended.MemberId, ended.DurationMs, ended.Members));
    }

    Consumer New(string id, string? instance = null) => new(_shard, "g", id, instance);

    static string Show(ConsumerGroupDescribeResponseGroup group) =>
        AkkaStream.TestKit.Messages.MessageJson.Write(new ConsumerGroupDescribeResponse { Groups = [group] }, 1).ToJsonString();
}
