using System.Text.RegularExpressions;
using AkkaStream.Protocol;

namespace AkkaStream.Metadata.Configs;

/// <summary>What a subscription to client metrics must fulfil. Pure.</summary>
public static class ClientMetricsRules
{
    static readonly string[] Selectors =
    [
        "client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address",
        "client_source_port",
    ];

    internal static ConfigRefusal? Check(IReadOnlyDictionary<string, string> values)
    {
        foreach (var (name, text) in values)
        {
            if (ConfigTable.ClientMetrics.Find(name) is not { } key)
                return new(ErrorCode.InvalidRequest, $"Unknown client metrics configuration: {name}");
            if (!key.TryParse(text, out var value, out var error)) return new(ErrorCode.InvalidConfig, error);
            if (name == "interval.ms" && value.Number is < 100 or > 3_600_000)
            {
                return new(ErrorCode.InvalidRequest,
                    $"Invalid value {value.Text} for {name}, interval must be between 100 and 3600000 (1 hour)");
            }

            if (name == "match" && value.Items.FirstOrDefault(item => !IsPattern(item)) is { } pattern)
                return new(ErrorCode.InvalidConfig, $"Illegal client matching pattern: {pattern}");
        }

        return null;
    }

    static bool IsPattern(string item)
    {
        if (item.Split('=') is not [var selector, var expression]) return false;
        if (!Selectors.Contains(JavaText.Trim(selector))) return false;
        try
        {
            _ = new Regex(expression, RegexOptions.NonBacktracking);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or NotSupportedException)
        {
            return false;
        }
    }
}
