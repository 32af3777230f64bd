using System.Globalization;

namespace AkkaStream.Coordinators.Groups;

/// <summary>What one consumer group goes by: its own configs (type GROUP) within the broker's bounds, or else the broker's defaults.</summary>
readonly record struct GroupLimits(int SessionTimeoutMs, int HeartbeatIntervalMs, int AssignmentIntervalMs)
{
    public static GroupLimits Of(GroupSettings broker, IReadOnlyDictionary<string, string> overrides) => new(
        Own(overrides, "consumer.session.timeout.ms", broker.ConsumerSessionTimeout),
        Own(overrides, "consumer.heartbeat.interval.ms", broker.ConsumerHeartbeatInterval),
        Own(overrides, "consumer.assignment.interval.ms", broker.ConsumerAssignmentInterval));

    static int Own(IReadOnlyDictionary<string, string> overrides, string name, BoundedMs broker)
    {
        if (overrides.Count == 0 || !overrides.TryGetValue(name, out string? text)) return broker.Value;
        // Checked when it was set; the broker's bounds may have moved since.
        if (!int.TryParse(text, CultureInfo.InvariantCulture, out int own)) return broker.Value;
        return Math.Clamp(own, broker.Least, Math.Max(broker.Least, broker.Most));
    }
}

/// <summary>A time-out with the bounds within which a group may set its own.</summary>
public readonly record struct BoundedMs(int Value, int Least, int Most);
