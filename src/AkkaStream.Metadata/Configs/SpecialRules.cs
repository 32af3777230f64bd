using System.Globalization;

namespace AkkaStream.Metadata.Configs;

/// <summary>-1 leaves the level to the library.</summary>
sealed class GzipLevelRule : ConfigRule
{
    public override string? Check(string name, ConfigValue value) => value.Number is -1 or (>= 1 and <= 9) ? null
        : ConfigValue.Refusal(name, value.Text, "Value must be between 1 and 9 or equal to -1");

    public override string ToString() => "[1,...,9] or -1";
}

/// <summary>Partition and broker, many times, or a star for all.</summary>
sealed class ThrottledReplicasRule : ConfigRule
{
    const string Form = "[partitionId]:[brokerId],[partitionId]:[brokerId],...";

    public override string? Check(string name, ConfigValue value)
    {
        if (value.Items is ["*"] || value.Items.All(IsReplica)) return null;
        return ConfigValue.Refusal(name, JavaText.Show(value.Items),
            $"{name} must be the literal '*' or a list of replicas in the following format: {Form}");
    }

    static bool IsReplica(string item)
    {
        if (item.Length == 0) return true;
        var colon = item.IndexOf(':');
        return colon > 0 && colon < item.Length - 1
            && item.AsSpan(0, colon).IndexOfAnyExceptInRange('0', '9') < 0
            && item.AsSpan(colon + 1).IndexOfAnyExceptInRange('0', '9') < 0;
    }

    public override string ToString() => Form;
}

/// <summary>Where a share group begins.</summary>
sealed class ShareOffsetResetRule : ConfigRule
{
    const string ByDuration = "by_duration:";

    public override string? Check(string name, ConfigValue value) => IsKnown(value.Text) ? null
        : ConfigValue.Refusal(name, value.Text, $"Invalid value `{value.Text}` for configuration {name}. " +
            $"The value must be either 'earliest', 'latest' or of the format '{ByDuration}<PnDTnHnMn.nS>'.");

    static bool IsKnown(string text) => text is "earliest" or "latest"
        || (text.StartsWith(ByDuration, StringComparison.Ordinal)
            && JavaText.TryParseDuration(text[ByDuration.Length..], out var back) && back >= TimeSpan.Zero);

    public override string ToString() => "[latest, earliest, by_duration:PnDTnHnMn.nS]";
}

/// <summary>Voters of a KRaft quorum: read so that a Kafka file starts, and checked as Kafka does.</summary>
sealed class QuorumVotersRule : ConfigRule
{
    const string Form = "Each entry should be in the form `{id}@{host}:{port}`.";

    public override string? Check(string name, ConfigValue value)
    {
        foreach (var entry in value.Items)
        {
            if (entry.Split('@') is not [var id, var address])
                return $"Invalid configuration value for {name}. {Form}";
            if (!int.TryParse(id, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
                return $"Failed to parse voter ID as an integer from {id}";
            if (!HostAndPort.IsValid(address))
            {
                return $"Failed to parse host name from entry {entry} for the configuration {name}. {Form}";
            }
        }

        return null;
    }

    public override string ToString() => "non-empty list";
}

/// <summary>Where a KRaft quorum is found: read so that a Kafka file starts, and checked as Kafka does.</summary>
sealed class QuorumServersRule : ConfigRule
{
    public override string? Check(string name, ConfigValue value)
    {
        foreach (var entry in value.Items)
        {
            if (!HostAndPort.IsValid(entry))
            {
                return $"Failed to parse host name from {entry} for the configuration {name}. " +
                    "Each entry should be in the form \"{host}:{port}\"";
            }
        }

        return null;
    }

    public override string ToString() => "non-empty list";
}

static class HostAndPort
{
    public static bool IsValid(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out _);
    }
}
