using static AkkaStream.Coordinators.Tests.Support.Requests;

namespace AkkaStream.Coordinators.Tests.Groups;

public sealed class OffsetTests
{
    const long Day = 86_400_000, Week = 7 * Day;
    readonly TestShard _shard = new();

    [Fact]
    public void What_is_committed_is_fetched()
    {
        _shard.Ask(Commit("g", "t", 3, 42, metadata: "note"), 8);
        var found = Fetch("g", "t", 3).Topics[0].Partitions[0];
        Assert.Equal((42, "note", -1), (found.CommittedOffset, found.Metadata, found.CommittedLeaderEpoch));
        Assert.Equal(-1, Fetch("g", "t", 4).Topics[0].Partitions[0].CommittedOffset);
        Assert.Equal(-1, Fetch("none", "t", 3).Topics[0].Partitions[0].CommittedOffset);
        Assert.Empty(_shard.Shard.FetchOffsets(new OffsetFetchRequestGroup { GroupId = "none", Topics = null }, false).Topics);
        Assert.Single(_shard.Shard.FetchOffsets(new OffsetFetchRequestGroup { GroupId = "g", Topics = null }, false).Topics);
    }

    [Fact]
    public void Only_members_of_the_present_generation_commit_while_a_group_lives()
    {
        var (id, generation) = _shard.Alone("g");
        Assert.Equal(ErrorCode.UnknownMemberId, Code(Commit("g", "t", 0, 1)));
        Assert.Equal(ErrorCode.UnknownMemberId, Code(Commit("g", "t", 0, 1, "x", generation)));
        Assert.Equal(ErrorCode.IllegalGeneration, Code(Commit("g", "t", 0, 1, id, generation - 1)));
        Assert.Equal(ErrorCode.None, Code(Commit("g", "t", 0, 1, id, generation)));
        Assert.Equal(1, _shard.Offset("g", "t", 0)?.Offset);
    }

    [Fact]
    public void A_generation_of_no_group_is_refused_in_the_words_of_the_version()
    {
        Assert.Equal(ErrorCode.IllegalGeneration, CodeOf(_shard.Ask(Commit("none", "t", 0, 1, "m", 4), 8)));
        Assert.Equal(ErrorCode.GroupIdNotFound, CodeOf(_shard.Ask(Commit("none", "t", 0, 1, "m", 4), 9)));
    }

    [Fact]
    public void Nobody_commits_between_generations()
    {
        var (id, join) = _shard.Come("g");
        int generation = join.Answer<JoinGroupResponse>().GenerationId;
        Assert.Equal(ErrorCode.RebalanceInProgress, Code(Commit("g", "t", 0, 1, id, generation)));
        _shard.Ask(Sync("g", id, generation, assignments: (id, "")), 5);
        _shard.Come("g");
        // Those who have not joined again yet may still commit what they have done.
        Assert.Equal(ErrorCode.None, Code(Commit("g", "t", 0, 1, id, generation)));
    }

    [Fact]
    public void A_note_may_have_4096_letters()
    {
        Assert.Equal(ErrorCode.OffsetMetadataTooLarge, Code(Commit("g", "t", 0, 1, metadata: new string('é', 4097))));
        Assert.Null(_shard.Offset("g", "t", 0));
        Assert.Equal(ErrorCode.None, Code(Commit("g", "t", 0, 1, metadata: new string('é', 4096))));
    }

    [Fact]
    public void A_commit_that_cannot_be_written_has_not_happened()
    {
        _shard.Ask(Commit("g", "t", 0, 1), 8);
        _shard.AppendError = ErrorCode.NotEnoughReplicas;
        Assert.Equal(ErrorCode.CoordinatorNotAvailable, Code(Commit("g", "t", 0, 2)));
        _shard.AppendError = ErrorCode.MessageTooLarge;
        Assert.Equal(ErrorCode.InvalidCommitOffsetSize, Code(Commit("g", "t", 0, 2)));
        Assert.Equal(1, _shard.Offset("g", "t", 0)?.Offset);
    }

    [Fact]
    public void Offsets_of_topics_that_nobody_reads_can_be_deleted()
    {
        var (id, generation) = _shard.Alone("g", Subscription("read"));
        _shard.Ask(Commit("g", "read", 0, 1, id, generation), 8);
        _shard.Ask(Commit("g", "left", 0, 1, id, generation), 8);
        var answer = _shard.Ask(Delete("g", "read", "left"), 0);
        Assert.Equal(
            [ErrorCode.GroupSubscribedToTopic, ErrorCode.None], answer.Topics.Select(t => t.Partitions[0].ErrorCode));
        Assert.NotNull(_shard.Offset("g", "read", 0));
        Assert.Null(_shard.Offset("g", "left", 0));
        Assert.Equal(ErrorCode.GroupIdNotFound, _shard.Ask(Delete("none", "left"), 0).ErrorCode);
    }

    [Fact]
    public void A_group_that_is_no_consumers_keeps_its_offsets_while_it_lives()
    {
        _shard.Ask(Join("g", type: "connect", protocols: ["d"]), 3);
        Assert.Equal(ErrorCode.NonEmptyGroup, _shard.Ask(Delete("g", "t"), 0).ErrorCode);
    }

    [Fact]
    public void An_empty_groups_offsets_expire_from_when_it_emptied()
    {
        var (id, generation) = _shard.Alone("g", Subscription("t"));
        _shard.Ask(Commit("g", "t", 0, 1, id, generation), 8);
        KeepAlive("g", id, generation, 8 * Day);
        _shard.Ask(Leave("g", (id, null)), 5);
        _shard.Advance(Week - 1);
        Assert.NotNull(_shard.Offset("g", "t", 0));
        _shard.Advance(600_000);
        Assert.Null(_shard.Offset("g", "t", 0));
        Assert.Null(_shard.Shard.Find("g"));
    }

    [Fact]
    public void A_live_group_loses_only_what_it_does_not_read_any_more()
    {
        var (id, generation) = _shard.Alone("g", Subscription("read"));
        _shard.Ask(Commit("g", "read", 0, 1, id, generation), 8);
        _shard.Ask(Commit("g", "left", 0, 1, id, generation), 8);
        KeepAlive("g", id, generation, Week + 600_000);
        Assert.NotNull(_shard.Offset("g", "read", 0));
        Assert.Null(_shard.Offset("g", "left", 0));
        Assert.NotNull(_shard.Shard.Find("g"));
    }

    [Fact]
    public void Without_a_protocol_offsets_expire_from_their_commit_and_the_group_with_them()
    {
        _shard.Ask(Commit("g", "t", 0, 1), 8);
        _shard.Advance(4 * Day);
        _shard.Ask(Commit("g", "t", 1, 1), 8);
        _shard.Advance(3 * Day + 600_000);
        Assert.Null(_shard.Offset("g", "t", 0));
        Assert.NotNull(_shard.Offset("g", "t", 1));
        _shard.Advance(4 * Day + 600_000);
        Assert.Null(_shard.Shard.Find("g"));
        Assert.Null(_shard.Restarted().Shard.Find("g"));
    }

    [Fact]
    public void An_old_client_may_say_how_long_its_offsets_are_kept()
    {
        _shard.Ask(Commit("g", "t", 0, 1, retention: Day), 4);
        var restarted = _shard.Restarted();
        restarted.Advance(Day - 1);
        Assert.NotNull(restarted.Offset("g", "t", 0));
        restarted.Advance(600_001);
        Assert.Null(restarted.Offset("g", "t", 0));
    }

    [Fact]
    public void A_connect_group_that_lives_keeps_everything()
    {
        var join = _shard.Ask(Join("g", type: "connect", protocols: ["d"]), 3);
        _shard.Ask(Sync("g", join.MemberId, 1, assignments: (join.MemberId, "")), 3);
        _shard.Ask(Commit("g", "t", 0, 1, join.MemberId, 1), 8);
        KeepAlive("g", join.MemberId, 1, 10 * Day);
        Assert.NotNull(_shard.Offset("g", "t", 0));
    }

    [Fact]
    public void Deleting_a_topic_deletes_what_every_group_committed_for_it()
    {
        var (id, generation) = _shard.Alone("g", Subscription("t"));
        _shard.Ask(Commit("g", "t", 0, 1, id, generation), 8);
        _shard.Ask(Commit("h", "t", 0, 1), 8);
        _shard.Ask(Commit("h", "u", 0, 1), 8);
        _shard.Carry(_shard.Shard.OnTopicsDeleted(["t"], _shard.Now));
        Assert.Null(_shard.Offset("g", "t", 0));
        Assert.Null(_shard.Restarted().Offset("h", "t", 0));
        Assert.NotNull(_shard.Offset("h", "u", 0));
    }

    [Fact]
    public void A_topic_that_was_made_anew_does_not_inherit_offsets_by_id()
    {
        var old = new TopicId(new Uuid(1, 1));
        var commit = new OffsetCommitRequest
        {
            GroupId = "g",
            Topics = [new OffsetCommitRequestTopic { Name = "t", TopicId = old, Partitions = [new OffsetCommitRequestPartition { CommittedOffset = 9 }] }],
        };
        _shard.Ask(commit, 10);
        Assert.Equal(9, ById(old));
        Assert.Equal(-1, ById(new TopicId(new Uuid(2, 2))));

        long ById(TopicId id) => _shard.Shard.FetchOffsets(
            new OffsetFetchRequestGroup { GroupId = "g", Topics = [new OffsetFetchRequestGroupTopic { Name = "t", TopicId = id, PartitionIndexes = [0] }] },
            requireStable: false).Topics[0].Partitions[0].CommittedOffset;
    }

    [Fact]
    public void Offsets_in_an_open_transaction_count_when_it_commits_and_never_when_it_aborts()
    {
        _shard.Ask(Commit("g", "t", 0, 1), 8);
        PutPending(new ProducerId(7), 0, 5);
        PutPending(new ProducerId(8), 1, 5);
        Assert.Equal(1, _shard.Offset("g", "t", 0)?.Offset);
        Assert.Equal(ErrorCode.UnstableOffsetCommit, Fetch("g", "t", 0, requireStable: true).Topics[0].Partitions[0].ErrorCode);
        Assert.Equal(1, Fetch("g", "t", 0).Topics[0].Partitions[0].CommittedOffset);
        _shard.Shard.EndTransaction(new ProducerId(7), committed: true);
        _shard.Shard.EndTransaction(new ProducerId(8), committed: false);
        Assert.Equal(5, _shard.Offset("g", "t", 0)?.Offset);
        Assert.Null(_shard.Offset("g", "t", 1));
        Assert.Equal(ErrorCode.None, Fetch("g", "t", 0, requireStable: true).Topics[0].Partitions[0].ErrorCode);
    }

    [Fact]
    public void A_plain_commit_after_one_in_a_transaction_is_the_newer_one()
    {
        PutPending(new ProducerId(7), 0, 5);
        _shard.Ask(Commit("g", "t", 0, 6), 8);
        _shard.Shard.EndTransaction(new ProducerId(7), committed: true);
        Assert.Equal(6, _shard.Offset("g", "t", 0)?.Offset);
    }

    [Fact]
    public void An_open_transaction_keeps_offsets_and_group_from_expiring()
    {
        _shard.Ask(Commit("g", "t", 0, 1), 8);
        PutPending(new ProducerId(7), 0, 5);
        _shard.Advance(2 * Week);
        Assert.NotNull(_shard.Offset("g", "t", 0));
        _shard.Shard.EndTransaction(new ProducerId(7), committed: false);
        _shard.Advance(600_000);
        Assert.Null(_shard.Shard.Find("g"));
    }

    [Fact]
    public void Groups_without_members_can_be_deleted_with_all_they_have()
    {
        _shard.Ask(Commit("g", "t", 0, 1), 8);
        _shard.Alone("live");
        var (decision, outcomes) = _shard.Shard.DeleteGroups(["g", "live", "none", "g"], _shard.Now);
        _shard.Carry(decision);
        Assert.Equal(
            [("g", ErrorCode.None), ("live", ErrorCode.NonEmptyGroup), ("none", ErrorCode.GroupIdNotFound)],
            outcomes.Select(o => (o.Key, o.Value)));
        Assert.Null(_shard.Shard.Find("g"));
        var restarted = _shard.Restarted();
        Assert.Null(restarted.Shard.Find("g"));
        Assert.NotNull(restarted.Shard.Find("live"));
    }

    void PutPending(ProducerId producer, int partition, long offset) => _shard.Replay(
        StoredTable.ToBytes(CommittedOffset.KeyOf("g", "t", partition), 0),
        StoredTable.ToBytes(new OffsetCommitValue { Offset = offset, CommitTimestamp = _shard.Now.WallMs }, 4), producer);

    void KeepAlive(string group, string id, int generation, long forMs)
    {
        for (long until = _shard.NowMs + forMs; _shard.NowMs < until;)
        {
            _shard.Advance(9_000);
            Assert.Equal(ErrorCode.None, _shard.Ask(Heartbeat(group, id, generation), 4).ErrorCode);
        }
    }

    OffsetFetchResponseGroup Fetch(string group, string topic, int partition, bool requireStable = false) => _shard.Shard.FetchOffsets(
        new OffsetFetchRequestGroup { GroupId = group, Topics = [new OffsetFetchRequestGroupTopic { Name = topic, PartitionIndexes = [partition] }] },
        requireStable);

    ErrorCode Code(OffsetCommitRequest request) => CodeOf(_shard.Ask(request, 8));

    static OffsetDeleteRequest Delete(string group, params string[] topics) => new()
    {
        GroupId = group,
        Topics = [.. topics.Select(t => new OffsetDeleteRequestTopic { Name = t, Partitions = [new OffsetDeleteRequestPartition()] })],
    };
}
