using System.Text;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Chaos.Tests.Kills;

/// <summary>The classic protocol: all join again whenever one comes or goes, and one of them shares out.</summary>
sealed class LivedClassicGroup(string id) : LivedGroup(id)
{
    const short JoinVersion = 9, SyncVersion = 5, HeartbeatVersion = 4, LeaveVersion = 5, DescribeVersion = 5;

    int _joins;

    public override async Task AddAsync()
    {
        var asked = await Connections[Members.Count].AskAsync(JoinOf(""), JoinVersion);
        Assert.Equal(ErrorCode.MemberIdRequired, asked.ErrorCode);
        Members.Add(new LivedMember(asked.MemberId!));
        await RebalanceAsync();
    }

    public override async Task LeaveAsync(int member)
    {
        var left = await Connections[member].AskAsync(
            new LeaveGroupRequest { GroupId = Id, Members = [new LeaveGroupRequestMember { MemberId = Members[member].Id }] }, LeaveVersion);
        Assert.Equal(ErrorCode.None, left.Members[0].ErrorCode);
        Members.RemoveAt(member);
        if (Members.Count > 0) await RebalanceAsync();
    }

    /// <summary>Each comes with news of its own, so that none is told the generation that is about to end.</summary>
    async Task RebalanceAsync()
    {
        var joined = await Task.WhenAll(Members.Select((m, i) => Connections[i].AskAsync(JoinOf(m.Id), JoinVersion)));
        Assert.All(joined, j => Assert.Equal(ErrorCode.None, j.ErrorCode));
        Assert.Single(joined.Select(j => j.GenerationId).Distinct());
        for (int i = 0; i < joined.Length; i++) Members[i].Epoch = joined[i].GenerationId;
        var synced = await Task.WhenAll(Members.Select((m, i) => Connections[i].AskAsync(SyncOf(m, m.Id == joined[0].Leader), SyncVersion)));
        for (int i = 0; i < synced.Length; i++)
        {
            Assert.Equal(ErrorCode.None, synced[i].ErrorCode);
            Assert.Equal(ShareOf(i), Encoding.UTF8.GetString(synced[i].Assignment.Span));
        }
    }

    JoinGroupRequest JoinOf(string member) => new()
    {
        GroupId = Id, MemberId = member, ProtocolType = "chaos", SessionTimeoutMs = 300_000, RebalanceTimeoutMs = 300_000,
        Protocols = [new JoinGroupRequestProtocol { Name = "plain", Metadata = BitConverter.GetBytes(++_joins) }],
    };

    SyncGroupRequest SyncOf(LivedMember member, bool leads) => new()
    {
        GroupId = Id, MemberId = member.Id, GenerationId = member.Epoch, ProtocolType = "chaos", ProtocolName = "plain",
        Assignments = leads
            ? [.. Members.Select((m, i) => new SyncGroupRequestAssignment { MemberId = m.Id, Assignment = Encoding.UTF8.GetBytes(ShareOf(i)) })]
            : [],
    };

    string ShareOf(int member) => $"{member} of {Members.Count}";

    public override async Task AllAreStillMembersAsync()
    {
        for (int i = 0; i < Members.Count; i++)
        {
            var answer = await Connections[i].AskAsync(
                new HeartbeatRequest { GroupId = Id, MemberId = Members[i].Id, GenerationId = Members[i].Epoch }, HeartbeatVersion);
            Assert.Equal(ErrorCode.None, answer.ErrorCode);
        }
    }

    public override async Task<string> DescribeAsync() =>
        Text(await Connections[0].AskAsync(new DescribeGroupsRequest { Groups = [Id] }, DescribeVersion), DescribeVersion);
}
