using System.Globalization;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Processes;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>
/// kill -9 of the broker that coordinates: groups of both protocols come back as they were, with members that need not join again, and with the
/// offsets whose commits were acknowledged. Small segments, large commits and an eager cleaner, so that groups are also read from a log that was compacted.
/// </summary>
public sealed class GroupKillTests
{
    const int FewRounds = 4, ChangesPerRound = 40, UnderWay = 8;

    static readonly Dictionary<string, string> Settings = new()
    {
        ["offsets.topic.num.partitions"] = "2",
        ["offsets.topic.replication.factor"] = "1",
        ["offsets.topic.segment.bytes"] = "1048576",
        ["offset.metadata.max.bytes"] = "65536",
        ["log.cleaner.backoff.ms"] = "50",
        ["log.cleaner.min.cleanable.ratio"] = "0.01",
        ["group.initial.rebalance.delay.ms"] = "0",
        ["group.consumer.assignment.interval.ms"] = "0",
    };

    static int Rounds =>
        int.TryParse(Environment.GetEnvironmentVariable("AKKASTREAM_CHAOS_ROUNDS"), CultureInfo.InvariantCulture, out int rounds) ? rounds : FewRounds;

    [Fact]
    public Task Groups_come_back_with_their_members_and_offsets_when_their_coordinator_is_killed() =>
        Seeds.ForEachAsync(1, seed => RunAsync(new Random((int)seed)));

    static async Task RunAsync(Random random)
    {
        await using var broker = await BrokerProcess.StartAsync(Settings);
        LivedGroup[] groups =
        [
            .. Enumerable.Range(0, 4).Select(LivedGroup (i) => new LivedClassicGroup($"classic-{i}")),
            .. Enumerable.Range(0, 4).Select(LivedGroup (i) => new LivedConsumerGroup($"consumer-{i}")),
        ];
        await using (var connections = await Connections.OpenAsync(broker)) await connections[0].CreateTopicAsync(LivedGroup.Topic, LivedGroup.Partitions);
        string[] before = [];
        for (int round = 0; round < Rounds; round++)
        {
            await using (var connections = await Connections.OpenAsync(broker))
            {
                foreach (var group in groups) group.Connections = connections;
                for (int i = 0; i < groups.Length; i++)
                {
                    await groups[i].IsFoundAsync();
                    string after = await groups[i].DescribeAsync();
                    // A group without members may have come into being by a commit that was still under way.
                    if (round > 0 && groups[i].Members.Count > 0) Assert.Equal(before[i], after);
                    await groups[i].OffsetsAreThoseCommittedAsync();
                    await groups[i].AllAreStillMembersAsync();
                }
                for (int i = 0; i < ChangesPerRound; i++) await ChangeAsync(groups[random.Next(groups.Length)], random);
                before = await Task.WhenAll(groups.Select(g => g.DescribeAsync()));

                // The last commits are not waited for: the kill finds them anywhere on their way.
                var open = Enumerable.Range(0, UnderWay).Select(_ => CommitAsync(groups[random.Next(groups.Length)], random)).ToList();
                await broker.KillAsync();
                await Task.WhenAll(open);
            }
            await broker.StartAgainAsync();
        }
    }

    static Task ChangeAsync(LivedGroup group, Random random) => random.Next(10) switch
    {
        0 when group.Members.Count < Connections.Most => group.AddAsync(),
        1 when group.Members.Count > 0 => group.LeaveAsync(random.Next(group.Members.Count)),
        2 when group.Members.Count == 0 => group.DeleteAsync(),
        _ => CommitAsync(group, random),
    };

    static Task CommitAsync(LivedGroup group, Random random) =>
        group.CommitAsync(random.Next(Math.Max(1, group.Members.Count)), random.Next(LivedGroup.Partitions));
}
