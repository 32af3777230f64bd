using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Net.Links;

/// <summary>Which versions of which APIs a peer serves, as its ApiVersions told. Immutable.</summary>
public sealed class ApiRanges
{
    readonly VersionRange[] _byKey;

    public ApiRanges(ApiVersionsResponse response)
    {
        Response = response;
        short largest = -1;
        foreach (var api in response.ApiKeys) largest = Math.Max(largest, api.ApiKey);
        _byKey = new VersionRange[largest + 1];
        Array.Fill(_byKey, VersionRange.None);
        foreach (var api in response.ApiKeys)
            if (api.ApiKey >= 0) _byKey[api.ApiKey] = new VersionRange(api.MinVersion, api.MaxVersion);
    }

    /// <summary>The answer itself: features, and keys that are not known here.</summary>
    public ApiVersionsResponse Response { get; }

    public VersionRange Of(ApiKey key) => (ushort)key < (uint)_byKey.Length ? _byKey[(short)key] : VersionRange.None;

    public bool Serves(ApiKey key, short atLeast = 0) => !Of(key).IsEmpty && Of(key).Highest >= atLeast;

    /// <summary>The newest version that both sides know and the caller wants, or null.</summary>
    /// <remarks>Private APIs are told to nobody: they are sent as they are known here. A peer that does not know them ends the connection.</remarks>
    public short? Newest(ApiKey key, VersionRange wanted) =>
        (PrivateApis.IsPrivate(key) ? ApiTable.Versions(key) : Of(key)).NewestCommon(wanted);
}
