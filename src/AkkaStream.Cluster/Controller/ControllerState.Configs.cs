using AkkaStream.Metadata;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Cluster.Controller;

public sealed partial class ControllerState
{
    const string MinInSyncReplicasName = "min.insync.replicas";
    int MinInSyncReplicas(string topic, int replicas) =>
        Math.Min(replicas, int.Parse(Image.Configs.Of(ConfigResource.Topic(topic)).GetValueOrDefault(MinInSyncReplicasName, "1")));
    bool AllowsUncleanElection(string topic) =>
        Image.Configs.Of(ConfigResource.Topic(topic)).GetValueOrDefault("unclean.leader.election.enable") == "true";
    string MinInSyncReplicasAtStart() => "1";
    ApiError CheckCreationConfigs(CreateTopicsRequestTopic topic) => ApiError.None;
    CreateTopicsResponseConfig[] CreationConfigs(CreateTopicsRequestTopic topic) => [];
}
