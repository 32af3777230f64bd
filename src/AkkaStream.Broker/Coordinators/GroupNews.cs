using System.Diagnostics.Metrics;
using AkkaStream.Coordinators.Groups;
using Microsoft.Extensions.Logging;

namespace AkkaStream.Broker.Coordinators;

/// <summary>What happens to groups, as log lines and as metrics: one line and one count for each rebalance, with its cause.</summary>
static class GroupNews
{
    static readonly Meter Meter = new("AkkaStream.Groups");
    static readonly Histogram<double> Rebalances = Meter.CreateHistogram<double>(
        "akkastream.group.rebalances", "ms", "Rebalances, by who set them off and why: from the first cause to the new assignment");
    static readonly Counter<long> Storms =
        Meter.CreateCounter<long>("akkastream.group.rebalance.storms", description: "Groups that rebalance again and again");
    static readonly Counter<long> Expired =
        Meter.CreateCounter<long>("akkastream.group.offsets.expired", description: "Committed offsets that expired");

    public static void Tell(ILogger log, GroupEvent news)
    {
        switch (news.Kind)
        {
            case GroupEventKind.Rebalanced:
                Measure(news);
                BrokerTrace.GroupRebalanced(
                    log, news.GroupId, news.Generation, news.Members, news.DurationMs, news.MemberId, news.ClientId, news.Reason);
                break;
            case GroupEventKind.Emptied:
                Measure(news);
                BrokerTrace.GroupEmptied(log, news.GroupId, news.Generation, news.DurationMs, news.MemberId, news.ClientId, news.Reason);
                break;
            case GroupEventKind.Storm:
                Storms.Add(1, new KeyValuePair<string, object?>("group", news.GroupId));
                BrokerTrace.GroupStorm(log, news.GroupId, news.Count, news.DurationMs / 1000, news.MemberId, news.ClientId, news.Reason);
                break;
            case GroupEventKind.OffsetsExpired:
                Expired.Add(news.Count);
                BrokerTrace.GroupOffsetsGone(log, news.GroupId, news.Count, "expired", news.Reason);
                break;
            case GroupEventKind.OffsetsDeleted:
                BrokerTrace.GroupOffsetsGone(log, news.GroupId, news.Count, "were deleted", news.Reason);
                break;
            case GroupEventKind.OffsetsReset:
                BrokerTrace.GroupOffsetsGone(log, news.GroupId, news.Count, "were reset", news.Reason);
                break;
            case GroupEventKind.GroupDeleted:
                BrokerTrace.GroupDeleted(log, news.GroupId, news.Reason);
                break;
        }
    }

    static void Measure(GroupEvent news) => Rebalances.Record(
        news.DurationMs, new("group", news.GroupId), new("member", news.MemberId), new("client", news.ClientId), new("reason", news.Reason));
}
