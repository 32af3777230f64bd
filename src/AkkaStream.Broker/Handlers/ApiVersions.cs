using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

// ApiVersions, versions 0-4; any other version is answered in version 0 with UNSUPPORTED_VERSION and this API alone, so that the
// client can ask again. From v3 on the client tells its software, whose name and version must look like one (KIP-511).
static class ApiVersionsHandler
{
    public static ValueTask<IMessage> Handle(RequestContext context, IRequest request)
    {
        var asked = (ApiVersionsRequest)request;
        if (context.Version >= 3)
        {
            if (!IsWord(asked.ClientSoftwareName) || !IsWord(asked.ClientSoftwareVersion))
                return new(new ApiVersionsResponse { ErrorCode = ErrorCode.InvalidRequest });
            context.Session.SoftwareName = asked.ClientSoftwareName;
            context.Session.SoftwareVersion = asked.ClientSoftwareVersion;
        }
        return new(Describe(context.Node, context.Version));
    }

    public static ApiVersionsResponse Unsupported() => new()
    {
        ErrorCode = ErrorCode.UnsupportedVersion,
        ApiKeys = [Api(ApiKey.ApiVersions)],
    };

    static ApiVersionsResponse Describe(BrokerNode node, short version)
    {
        var image = node.Image;
        return new ApiVersionsResponse
        {
            ApiKeys = [.. ApiTable.Known.Where(HandlerTable.IsServed).Select(Api)],
            SupportedFeatures = [.. FeatureLevels.Served
                .Where(f => version >= 4 || f.Value.Lowest > 0)
                .Select(f => new ApiVersionsResponseSupportedFeature { Name = f.Key, MinVersion = f.Value.Lowest, MaxVersion = f.Value.Highest })],
            FinalizedFeaturesEpoch = image.Revision.Value,
            FinalizedFeatures = [.. image.Features.Levels
                .Select(f => new ApiVersionsResponseFinalizedFeature { Name = f.Feature, MinVersionLevel = f.Level, MaxVersionLevel = f.Level })],
        };
    }

    static ApiVersionsResponseApi Api(ApiKey key)
    {
        var versions = ApiTable.Advertised(key);
        return new ApiVersionsResponseApi { ApiKey = (short)key, MinVersion = versions.Lowest, MaxVersion = versions.Highest };
    }

    /// <summary>Letters and digits, with dots and hyphens only between them.</summary>
    static bool IsWord(string text)
    {
        if (text.Length == 0 || !char.IsAsciiLetterOrDigit(text[0]) || !char.IsAsciiLetterOrDigit(text[^1])) return false;
        foreach (char c in text)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '-')) return false;
        }
        return true;
    }
}
