using System.Diagnostics.Metrics;
using System.Globalization;
using AkkaStream.Broker.Coordinators;
using AkkaStream.Coordinators.Groups;
using AkkaStream.TestKit;

namespace AkkaStream.Broker.Tests.Coordinators;

/// <summary>Whatever makes a group rebalance can be seen from outside: in the log, and in the metrics.</summary>
public sealed class GroupNewsTests
{
    [Theory]
    [InlineData(GroupEventKind.Rebalanced)]
    [InlineData(GroupEventKind.Emptied)]
    public void Every_rebalance_leaves_one_line_and_one_measurement_with_its_member_reason_and_duration(GroupEventKind kind)
    {
        var news = new GroupEvent($"seen-{kind}", kind, 0) { Generation = 3, MemberId = "m-1", ClientId = "shop", Reason = "left", DurationMs = 42 };
        var (lines, measured) = Told(news);

        string line = Assert.Single(lines);
        Assert.All(["seen-", "m-1", "shop", "left", "42"], word => Assert.Contains(word, line));
        Assert.Equal("akkastream.group.rebalances 42 client=shop,group=" + news.GroupId + ",member=m-1,reason=left", Assert.Single(measured));
    }

    [Fact]
    public void A_storm_is_named_as_such()
    {
        var (lines, measured) = Told(new GroupEvent("stormy", GroupEventKind.Storm, 0) { MemberId = "m-1", Reason = "left", Count = 6, DurationMs = 60_000 });

        Assert.Contains("storm", Assert.Single(lines), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("akkastream.group.rebalance.storms 1 group=stormy", Assert.Single(measured));
    }

    static (IReadOnlyList<string> Lines, List<string> Measured) Told(GroupEvent news)
    {
        var measured = new List<string>();
        using var listener = new MeterListener { InstrumentPublished = (i, l) => { if (i.Meter.Name == "AkkaStream.Groups") l.EnableMeasurementEvents(i); } };
        listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value.ToString(CultureInfo.InvariantCulture), tags));
        listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, value.ToString(CultureInfo.InvariantCulture), tags));
        listener.Start();
        using var log = new RecordedLog();
        GroupNews.Tell(log.CreateLogger("groups"), news);
        return ([.. log.Lines.Select(l => l.Text)], measured);

        // Other tests measure at the same time.
        void Note(Instrument instrument, string value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string[] all = [.. tags.ToArray().Select(t => $"{t.Key}={t.Value}").Order(StringComparer.Ordinal)];
            if (all.Contains($"group={news.GroupId}")) measured.Add($"{instrument.Name} {value} {string.Join(',', all)}");
        }
    }
}
