using AkkaStream.Broker.Handlers;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Broker;

/// <summary>Answers one request; the answer may come later.</summary>
delegate ValueTask<IMessage> Handle(RequestContext context, IRequest request);

/// <summary>Where a handler runs: on the network loop (quick, from memory), or on the work lane.</summary>
enum Lane : byte
{
    Inline,
    Work,
}

sealed record Handler(Lane Lane, Handle Handle);

/// <summary>
/// Which APIs this broker serves, and by whom: the one list behind routing and ApiVersions. What is not in it is not advertised, and
/// closes the connection when somebody sends it all the same.
/// </summary>
static class HandlerTable
{
    static readonly Handler?[] All = Build();
    static readonly Handler History = new(Lane.Work, GroupHistoryHandler.Handle);
    static readonly Handler Undo = new(Lane.Work, UndoGroupResetHandler.Handle);

    public static Handler? HandlerOf(ApiKey key) => (ushort)key < (uint)All.Length ? All[(ushort)key] : Own(key);

    /// <summary>What only AkkaStream's own tools ask.</summary>
    static Handler? Own(ApiKey key) => key switch
    {
        PrivateApis.GroupHistory => History,
        PrivateApis.UndoGroupReset => Undo,
        _ => null,
    };

    public static bool IsServed(ApiKey key) => key is ApiKey.Produce or ApiKey.Fetch || HandlerOf(key) is not null;

    /// <summary>Versions that are accepted.</summary>
    public static VersionRange Served(ApiKey key)
    {
        if (!IsServed(key)) return VersionRange.None;
        var advertised = ApiTable.Advertised(key);
        return key == ApiKey.Produce ? new VersionRange(ApiTable.Versions(key).Lowest, advertised.Highest) : advertised;
    }

    static Handler?[] Build()
    {
        var handlers = new Handler?[128];
        void Serve(ApiKey key, Lane lane, Handle handle) => handlers[(short)key] = new Handler(lane, handle);

        Serve(ApiKey.ApiVersions, Lane.Inline, ApiVersionsHandler.Handle);
        Serve(ApiKey.Metadata, Lane.Work, MetadataHandler.Handle);
        Serve(ApiKey.ListOffsets, Lane.Work, ListOffsetsHandler.Handle);
        Serve(ApiKey.OffsetForLeaderEpoch, Lane.Work, OffsetForLeaderEpochHandler.Handle);
        Serve(ApiKey.DeleteRecords, Lane.Work, DeleteRecordsHandler.Handle);
        Serve(ApiKey.InitProducerId, Lane.Work, InitProducerIdHandler.Handle);
        Serve(ApiKey.DescribeProducers, Lane.Work, DescribeProducersHandler.Handle);
        Serve(ApiKey.FindCoordinator, Lane.Work, FindCoordinatorHandler.Handle);

        Serve(ApiKey.CreateTopics, Lane.Work, Forwarded.CreateTopics);
        Serve(ApiKey.DeleteTopics, Lane.Work, Forwarded.DeleteTopics);
        Serve(ApiKey.CreatePartitions, Lane.Work, Forwarded.CreatePartitions);
        Serve(ApiKey.DescribeTopicPartitions, Lane.Work, DescribeTopicPartitionsHandler.Handle);
        Serve(ApiKey.ElectLeaders, Lane.Work, Forwarded.ElectLeaders);
        Serve(ApiKey.AlterPartitionReassignments, Lane.Work, Forwarded.AlterPartitionReassignments);
        Serve(ApiKey.ListPartitionReassignments, Lane.Work, Forwarded.ListPartitionReassignments);

        Serve(ApiKey.DescribeConfigs, Lane.Work, DescribeConfigsHandler.Handle);
        Serve(ApiKey.AlterConfigs, Lane.Work, AlterConfigsHandler.HandleReplacing);
        Serve(ApiKey.IncrementalAlterConfigs, Lane.Work, AlterConfigsHandler.HandleIncremental);
        Serve(ApiKey.ListConfigResources, Lane.Work, ListConfigResourcesHandler.Handle);

        Serve(ApiKey.DescribeCluster, Lane.Work, DescribeClusterHandler.Handle);
        Serve(ApiKey.DescribeLogDirs, Lane.Work, DescribeLogDirsHandler.Handle);
        Serve(ApiKey.DescribeQuorum, Lane.Work, DescribeQuorumHandler.Handle);
        Serve(ApiKey.UpdateFeatures, Lane.Work, Forwarded.UpdateFeatures);
        Serve(ApiKey.UnregisterBroker, Lane.Work, Forwarded.UnregisterBroker);

        Serve(ApiKey.SaslHandshake, Lane.Inline, WithoutSecurity.SaslHandshake);
        Serve(ApiKey.SaslAuthenticate, Lane.Inline, WithoutSecurity.SaslAuthenticate);
        Serve(ApiKey.DescribeAcls, Lane.Inline, WithoutSecurity.DescribeAcls);
        Serve(ApiKey.CreateAcls, Lane.Inline, WithoutSecurity.CreateAcls);
        Serve(ApiKey.DeleteAcls, Lane.Inline, WithoutSecurity.DeleteAcls);
        Serve(ApiKey.CreateDelegationToken, Lane.Inline, WithoutSecurity.CreateDelegationToken);
        Serve(ApiKey.RenewDelegationToken, Lane.Inline, WithoutSecurity.RenewDelegationToken);
        Serve(ApiKey.ExpireDelegationToken, Lane.Inline, WithoutSecurity.ExpireDelegationToken);
        Serve(ApiKey.DescribeDelegationToken, Lane.Inline, WithoutSecurity.DescribeDelegationToken);

        Serve(ApiKey.JoinGroup, Lane.Work, JoinGroupHandler.Handle);
        Serve(ApiKey.SyncGroup, Lane.Work, SyncGroupHandler.Handle);
        Serve(ApiKey.Heartbeat, Lane.Inline, HeartbeatHandler.Handle);
        Serve(ApiKey.LeaveGroup, Lane.Work, LeaveGroupHandler.Handle);
        Serve(ApiKey.OffsetCommit, Lane.Inline, OffsetCommitHandler.Handle);
        Serve(ApiKey.OffsetFetch, Lane.Inline, OffsetFetchHandler.Handle);
        Serve(ApiKey.OffsetDelete, Lane.Work, OffsetDeleteHandler.Handle);
        Serve(ApiKey.DescribeGroups, Lane.Work, DescribeGroupsHandler.Handle);
        Serve(ApiKey.ListGroups, Lane.Work, ListGroupsHandler.Handle);
        Serve(ApiKey.DeleteGroups, Lane.Work, DeleteGroupsHandler.Handle);
        Serve(ApiKey.ConsumerGroupHeartbeat, Lane.Work, ConsumerGroupHeartbeatHandler.Handle);
        Serve(ApiKey.ConsumerGroupDescribe, Lane.Work, ConsumerGroupDescribeHandler.Handle);
        return handlers;
    }
}
