using System.Globalization;
using System.Xml;

namespace AkkaStream.Client.Settings;

/// <summary>Where to begin when there is no position.</summary>
public enum OffsetReset : byte
{
    /// <summary>With the next record.</summary>
    Latest,

    /// <summary>With the oldest record.</summary>
    Earliest,

    /// <summary>Not at all: it is an error.</summary>
    None,

    /// <summary>With the first record that is not older than <see cref="ConsumerSettings.ResetDuration"/>.</summary>
    ByDuration,
}

/// <summary>Which records of transactions are seen.</summary>
public enum IsolationLevel : sbyte
{
    /// <summary>All, also of transactions that are open or were aborted.</summary>
    ReadUncommitted = 0,

    /// <summary>Only those of committed transactions.</summary>
    ReadCommitted = 1,
}

/// <summary>How the members of a group come to their partitions.</summary>
public enum GroupProtocolKind : byte
{
    /// <summary>One of the members shares out, by an assignor of its own.</summary>
    Classic,

    /// <summary>The coordinator assigns (KIP-848): rebalances take away nothing but what moves.</summary>
    Consumer,
}

/// <summary>What a consumer must be told. Defaults are those of Kafka 4.3; the comment at each property names Kafka's.</summary>
public sealed record ConsumerSettings
{
    /// <summary>Connections and waits.</summary>
    public ClientSettings Client { get; init; } = new();

    /// <summary>group.id; null for a consumer that assigns partitions to itself and commits nothing.</summary>
    public string? GroupId { get; init; }

    /// <summary>group.instance.id: a static member, which may be away for a session without a rebalance.</summary>
    public string? GroupInstanceId { get; init; }

    /// <summary>group.protocol: classic or consumer.</summary>
    public GroupProtocolKind Protocol { get; init; } = GroupProtocolKind.Classic;

    /// <summary>group.remote.assignor, for the newer protocol: uniform or range; null for the broker's choice.</summary>
    public string? RemoteAssignor { get; init; }

    /// <summary>partition.assignment.strategy, in the order of preference: range, roundrobin, sticky, cooperative-sticky.</summary>
    public IReadOnlyList<string> Assignors { get; init; } = ["range", "cooperative-sticky"];

    /// <summary>session.timeout.ms</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(45);

    /// <summary>heartbeat.interval.ms</summary>
    public TimeSpan HeartbeatInterval { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>max.poll.interval.ms: who does not poll for so long leaves the group.</summary>
    public TimeSpan MaxPollInterval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>enable.auto.commit</summary>
    public bool AutoCommit { get; init; } = true;

    /// <summary>auto.commit.interval.ms</summary>
    public TimeSpan AutoCommitInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>auto.offset.reset</summary>
    public OffsetReset OffsetReset { get; init; } = OffsetReset.Latest;

    /// <summary>The duration of auto.offset.reset=by_duration:...</summary>
    public TimeSpan ResetDuration { get; init; }

    /// <summary>isolation.level</summary>
    public IsolationLevel Isolation { get; init; } = IsolationLevel.ReadUncommitted;

    /// <summary>fetch.min.bytes</summary>
    public int FetchMinBytes { get; init; } = 1;

    /// <summary>fetch.max.bytes</summary>
    public int FetchMaxBytes { get; init; } = 52_428_800;

    /// <summary>fetch.max.wait.ms</summary>
    public TimeSpan FetchMaxWait { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>max.partition.fetch.bytes</summary>
    public int PartitionFetchBytes { get; init; } = 1_048_576;

    /// <summary>max.poll.records</summary>
    public int MaxPollRecords { get; init; } = 500;

    /// <summary>check.crcs</summary>
    public bool CheckCrcs { get; init; } = true;

    /// <summary>allow.auto.create.topics</summary>
    public bool CreatesTopics { get; init; } = true;

    /// <summary>exclude.internal.topics: a subscription by pattern does not match them.</summary>
    public bool ExcludesInternalTopics { get; init; } = true;

    /// <summary>Consumer settings for some brokers, with all else at its default.</summary>
    public static ConsumerSettings For(string bootstrapServers, string? groupId = null) =>
        new() { Client = ClientSettings.For(bootstrapServers), GroupId = groupId };

    /// <exception cref="KafkaConfigException">A value cannot be used.</exception>
    public static ConsumerSettings FromProperties(IReadOnlyDictionary<string, string> properties)
    {
        var bag = new PropertyBag(properties);
        var defaults = new ConsumerSettings();
        var settings = defaults with
        {
            Client = ClientSettings.From(bag),
            GroupId = bag.Text("group.id"),
            GroupInstanceId = bag.Text("group.instance.id"),
            SessionTimeout = bag.Milliseconds("session.timeout.ms", defaults.SessionTimeout),
            HeartbeatInterval = bag.Milliseconds("heartbeat.interval.ms", defaults.HeartbeatInterval),
            MaxPollInterval = bag.Milliseconds("max.poll.interval.ms", defaults.MaxPollInterval),
            AutoCommit = bag.Bool("enable.auto.commit", defaults.AutoCommit),
            AutoCommitInterval = bag.Milliseconds("auto.commit.interval.ms", defaults.AutoCommitInterval),
            Isolation = bag.OneOf("isolation.level", "read_uncommitted", "read_uncommitted", "read_committed") == "read_committed"
                ? IsolationLevel.ReadCommitted : IsolationLevel.ReadUncommitted,
            FetchMinBytes = bag.Int("fetch.min.bytes", defaults.FetchMinBytes, 0),
            FetchMaxBytes = bag.Int("fetch.max.bytes", defaults.FetchMaxBytes, 0),
            FetchMaxWait = bag.Milliseconds("fetch.max.wait.ms", defaults.FetchMaxWait),
            PartitionFetchBytes = bag.Int("max.partition.fetch.bytes", defaults.PartitionFetchBytes, 0),
            MaxPollRecords = bag.Int("max.poll.records", defaults.MaxPollRecords, 1),
            CheckCrcs = bag.Bool("check.crcs", true),
            CreatesTopics = bag.Bool("allow.auto.create.topics", true),
            ExcludesInternalTopics = bag.Bool("exclude.internal.topics", true),
            Assignors = AssignorsOf(bag, defaults.Assignors),
        };
        settings = WithReset(settings, bag.Text("auto.offset.reset", "latest"));
        if (bag.OneOf("group.protocol", "classic", "classic", "consumer") == "consumer") settings = WithBrokersRules(settings, properties);
        settings = settings with { RemoteAssignor = bag.Text("group.remote.assignor") };
        return settings with { Client = settings.Client with { UnknownProperties = bag.Unknown() } };
    }

    // In the newer protocol the broker says how long sessions are, and shares out.
    static ConsumerSettings WithBrokersRules(ConsumerSettings settings, IReadOnlyDictionary<string, string> properties)
    {
        foreach (string name in (string[])["heartbeat.interval.ms", "session.timeout.ms", "partition.assignment.strategy"])
            if (properties.ContainsKey(name)) throw new KafkaConfigException(name, $"{name} cannot be set when group.protocol=consumer.");
        return settings with { Protocol = GroupProtocolKind.Consumer };
    }

    static ConsumerSettings WithReset(ConsumerSettings settings, string value)
    {
        const string byDuration = "by_duration:";
        switch (value.ToLowerInvariant())
        {
            case "latest" or "largest":
                return settings with { OffsetReset = OffsetReset.Latest };
            case "earliest" or "smallest":
                return settings with { OffsetReset = OffsetReset.Earliest };
            case "none":
                return settings with { OffsetReset = OffsetReset.None };
        }
        if (value.StartsWith(byDuration, StringComparison.OrdinalIgnoreCase) && TryDuration(value[byDuration.Length..], out var duration))
            return settings with { OffsetReset = OffsetReset.ByDuration, ResetDuration = duration };
        throw PropertyBag.Wrong("auto.offset.reset", value, "latest, earliest, none or by_duration:<ISO 8601 duration, for example PT1H>");
    }

    /// <summary>An ISO 8601 duration that is not negative.</summary>
    public static bool TryDuration(string text, out TimeSpan duration)
    {
        duration = default;
        try
        {
            duration = XmlConvert.ToTimeSpan(text.ToUpper(CultureInfo.InvariantCulture));
            return duration >= TimeSpan.Zero;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
            return false;
        }
    }

    static IReadOnlyList<string> AssignorsOf(PropertyBag bag, IReadOnlyList<string> otherwise)
    {
        var names = bag.List("partition.assignment.strategy");
        return names.Length == 0 ? otherwise : [.. names.Select(AssignorOf)];
    }

    // The names of Kafka's classes stand for the assignors they are.
    static string AssignorOf(string name) => name[(name.LastIndexOf('.') + 1)..] switch
    {
        "RangeAssignor" or "range" => "range",
        "RoundRobinAssignor" or "roundrobin" => "roundrobin",
        "StickyAssignor" or "sticky" => "sticky",
        "CooperativeStickyAssignor" or "cooperative-sticky" => "cooperative-sticky",
        _ => throw PropertyBag.Wrong("partition.assignment.strategy", name, "range, roundrobin, sticky or cooperative-sticky"),
    };
}
