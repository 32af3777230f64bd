namespace AkkaStream.Broker;

/// <summary>
/// What the sender may do, one bit for each operation by Kafka's numbers (KIP-430). Without an authorizer everybody may do all that
/// makes sense for the kind of resource.
/// </summary>
static class AuthorizedOperations
{
    const int Read = 1 << 3, Write = 1 << 4, Create = 1 << 5, Delete = 1 << 6, Alter = 1 << 7, Describe = 1 << 8, ClusterAction = 1 << 9,
        DescribeConfigs = 1 << 10, AlterConfigs = 1 << 11, IdempotentWrite = 1 << 12;

    public const int NotAskedFor = int.MinValue;
    public const int Topic = Read | Write | Create | Delete | Alter | Describe | DescribeConfigs | AlterConfigs;
    public const int Cluster = Create | Alter | Describe | ClusterAction | DescribeConfigs | AlterConfigs | IdempotentWrite;
    public const int Group = Read | Delete | Describe | DescribeConfigs | AlterConfigs;
}
