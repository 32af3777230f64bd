using System.Text.Json;
using AkkaStream.TestKit;
using AkkaStream.TestKit.Messages;

namespace AkkaStream.Protocol.Tests.Golden;

/// <summary>
/// Numbers and ranges that are on the wire, against what a running Kafka says. They may be added to, never changed.
/// </summary>
public class FrozenNumbersTests
{
    [Fact]
    public void Api_keys_are_kafkas()
    {
        var expected = Apis().Select(a => (a.GetProperty("name").GetString(), a.GetProperty("apiKey").GetInt16()));
        Assert.Equal(expected, Enum.GetValues<ApiKey>().Select(k => ((string?)k.ToString(), (short)k)));
        Assert.Equal(93, Enum.GetValues<ApiKey>().Length);
    }

    [Fact]
    public void Valid_and_flexible_versions_are_kafkas()
    {
        foreach (JsonElement api in Apis())
        {
            var key = (ApiKey)api.GetProperty("apiKey").GetInt16();
            Assert.Equal((key, Range(api.GetProperty("validVersions"))), (key, ApiTable.Versions(key)));
            if (ApiTable.Versions(key).IsEmpty) continue;
            VersionSet flexible = VersionSet.Parse(api.GetProperty("flexibleVersions").GetString()!);
            VersionRange versions = ApiTable.Versions(key);
            for (short v = versions.Lowest; v <= versions.Highest; v++)
                Assert.Equal((key, v, flexible.Contains(v)), (key, v, ApiTable.IsFlexible(key, v)));
        }
    }

    [Fact]
    public void Header_versions_are_kafkas()
    {
        foreach (JsonElement api in Apis().Where(a => a.TryGetProperty("requestHeaderVersions", out _)))
        {
            var key = (ApiKey)api.GetProperty("apiKey").GetInt16();
            foreach (JsonProperty told in api.GetProperty("requestHeaderVersions").EnumerateObject())
                AssertHeader(key, told, ApiTable.RequestHeaderVersion(key, short.Parse(told.Name)));
            foreach (JsonProperty told in api.GetProperty("responseHeaderVersions").EnumerateObject())
                AssertHeader(key, told, ApiTable.ResponseHeaderVersion(key, short.Parse(told.Name)));
        }
    }

    [Fact]
    public void Advertised_versions_are_those_that_kafka_tells()
    {
        int told = 0;
        foreach (JsonElement api in Apis())
        {
            var key = (ApiKey)api.GetProperty("apiKey").GetInt16();
            foreach (string where in new[] { "advertisedByBroker", "advertisedByController" })
            {
                if (api.GetProperty(where).ValueKind == JsonValueKind.Null) continue;
                Assert.Equal((key, Range(api.GetProperty(where))), (key, ApiTable.Advertised(key)));
                told++;
            }
        }

        Assert.Equal(75 + 41, told);
    }

    [Fact]
    public void Known_keys_are_those_with_versions()
    {
        var living = Apis().Where(a => !a.TryGetProperty("removed", out _));
        Assert.Equal(living.Select(a => (ApiKey)a.GetProperty("apiKey").GetInt16()), ApiTable.Known);
    }

    [Fact]
    public void Unknown_keys_have_no_versions_and_the_oldest_headers()
    {
        foreach (short key in new short[] { -1, 93, 1000, short.MinValue, short.MaxValue })
        {
            Assert.True(ApiTable.Versions((ApiKey)key).IsEmpty);
            Assert.True(ApiTable.Advertised((ApiKey)key).IsEmpty);
            Assert.Equal(1, ApiTable.RequestHeaderVersion((ApiKey)key, 5));
            Assert.Equal(0, ApiTable.ResponseHeaderVersion((ApiKey)key, 5));
        }
    }

    [Fact]
    public void Keys_of_our_own_are_served_and_told_to_nobody()
    {
        Assert.Equal((10_001, 10_002), ((short)PrivateApis.GroupHistory, (short)PrivateApis.UndoGroupReset));
        foreach (var key in (ApiKey[])[PrivateApis.GroupHistory, PrivateApis.UndoGroupReset])
        {
            Assert.False(ApiTable.Versions(key).IsEmpty);
            Assert.True(ApiTable.IsFlexible(key, 0));
            Assert.Equal((2, 1), (ApiTable.RequestHeaderVersion(key, 0), ApiTable.ResponseHeaderVersion(key, 0)));
            Assert.DoesNotContain(key, ApiTable.Known);
            Assert.DoesNotContain(key, Enum.GetValues<ApiKey>());
        }
    }

    [Fact]
    public void Error_codes_names_and_what_clients_do_are_kafkas()
    {
        var expected = GoldenFiles.Json("errors.json").EnumerateArray()
            .Select(e => ((ErrorCode)e.GetProperty("code").GetInt16(), e.GetProperty("name").GetString()!,
                e.GetProperty("retriable").GetBoolean(), e.GetProperty("refreshesMetadata").GetBoolean()))
            .OrderBy(e => e.Item1).ToList();
        var ours = Enum.GetValues<ErrorCode>().OrderBy(c => c).Select(c => (c, ErrorCodes.Describe(c)))
            .Select(e => (e.c, e.Item2.Name, e.Item2.Retriable, e.Item2.RefreshesMetadata)).ToList();
        Assert.Equal(expected, ours);
        Assert.Equal(135, ours.Count);
    }

    [Fact]
    public void Every_error_code_says_what_it_means_and_its_name_follows_from_kafkas()
    {
        foreach (ErrorCode code in Enum.GetValues<ErrorCode>())
        {
            ErrorDescription described = ErrorCodes.Describe(code);
            Assert.Equal(described.Name.Replace("_", ""), code.ToString(), ignoreCase: true);
            Assert.True(described.Message.Length > 7 && !described.Message.EndsWith('.'), described.Message);
        }

        Assert.Equal(135, Enum.GetValues<ErrorCode>().Select(c => ErrorCodes.Describe(c).Message).Distinct().Count());
    }

    [Fact]
    public void An_unknown_error_code_is_described_by_its_number()
    {
        Assert.Equal("ERROR_1234", ErrorCodes.NameOf((ErrorCode)1234));
        Assert.Equal("ERROR_-7", ErrorCodes.NameOf((ErrorCode)(-7)));
        Assert.False(ErrorCodes.IsRetriable((ErrorCode)1234));
    }

    static void AssertHeader(ApiKey key, JsonProperty told, short ours) =>
        Assert.Equal((key, told.Name, told.Value.GetInt16()), (key, told.Name, ours));

    static IEnumerable<JsonElement> Apis() => GoldenFiles.Json("apis.json").GetProperty("apis").EnumerateArray();

    static VersionRange Range(JsonElement json) => json.ValueKind == JsonValueKind.Null
        ? VersionRange.None
        : new VersionRange(json.GetProperty("min").GetInt16(), json.GetProperty("max").GetInt16());
}
