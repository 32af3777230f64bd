using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker.Handlers;

/// <summary>
/// What a broker without authorizer and without SASL listeners says to requests about them: not unknown, but not here. Tools and clients
/// show these codes with a text of their own.
/// </summary>
static class WithoutSecurity
{
    const string NoAuthorizer = "No Authorizer is configured.";

    public static ValueTask<IMessage> DescribeAcls(RequestContext context, IRequest request)
    {
        var filter = (DescribeAclsRequest)request;
        Check(filter.ResourceTypeFilter, filter.PatternTypeFilter, filter.Operation, filter.PermissionType);
        return new(new DescribeAclsResponse
        {
            ErrorCode = ErrorCode.SecurityDisabled,
            ErrorMessage = "No Authorizer is configured on the broker",
        });
    }

    public static ValueTask<IMessage> CreateAcls(RequestContext context, IRequest request)
    {
        var creations = ((CreateAclsRequest)request).Creations;
        foreach (var acl in creations) Check(acl.ResourceType, acl.ResourcePatternType, acl.Operation, acl.PermissionType);
        return new(new CreateAclsResponse
        {
            Results = Array.ConvertAll(creations, _ => new CreateAclsResponseResult
            {
                ErrorCode = ErrorCode.SecurityDisabled,
                ErrorMessage = NoAuthorizer,
            }),
        });
    }

    public static ValueTask<IMessage> DeleteAcls(RequestContext context, IRequest request)
    {
        var filters = ((DeleteAclsRequest)request).Filters;
        foreach (var filter in filters) Check(filter.ResourceTypeFilter, filter.PatternTypeFilter, filter.Operation, filter.PermissionType);
        return new(new DeleteAclsResponse
        {
            FilterResults = Array.ConvertAll(filters, _ => new DeleteAclsResponseFilterResult
            {
                ErrorCode = ErrorCode.SecurityDisabled,
                ErrorMessage = NoAuthorizer,
            }),
        });
    }

    // Kafka does not read such a request to its end: a kind that nobody knows is as bad as missing bytes.
    static void Check(sbyte resourceType, sbyte patternType, sbyte operation, sbyte permission)
    {
        if (resourceType is < 1 or > 7 || patternType is < 1 or > 4 || operation is < 1 or > 15 || permission is < 1 or > 3)
            throw new MalformedRequestException("an ACL names a kind of resource, pattern, operation or permission that is unknown");
    }

    public static ValueTask<IMessage> SaslHandshake(RequestContext context, IRequest request) =>
        new(new SaslHandshakeResponse { ErrorCode = ErrorCode.IllegalSaslState });

    public static ValueTask<IMessage> SaslAuthenticate(RequestContext context, IRequest request) => new(new SaslAuthenticateResponse
    {
        ErrorCode = ErrorCode.IllegalSaslState,
        ErrorMessage = "SaslAuthenticate request received on a listener without SASL",
    });

    public static ValueTask<IMessage> CreateDelegationToken(RequestContext context, IRequest request) => new(new CreateDelegationTokenResponse
    {
        ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed,
        PrincipalType = "User",
        PrincipalName = "ANONYMOUS",
        TokenRequesterPrincipalType = context.Version >= 3 ? "User" : "",
        TokenRequesterPrincipalName = context.Version >= 3 ? "ANONYMOUS" : "",
        IssueTimestampMs = -1,
        ExpiryTimestampMs = -1,
        MaxTimestampMs = -1,
    });

    public static ValueTask<IMessage> RenewDelegationToken(RequestContext context, IRequest request) =>
        new(new RenewDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed, ExpiryTimestampMs = -1 });

    public static ValueTask<IMessage> ExpireDelegationToken(RequestContext context, IRequest request) =>
        new(new ExpireDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed, ExpiryTimestampMs = -1 });

    public static ValueTask<IMessage> DescribeDelegationToken(RequestContext context, IRequest request) =>
        new(new DescribeDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed });
}
