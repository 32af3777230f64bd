using AkkaStream.Actors;
using AkkaStream.Metadata;
using AkkaStream.Protocol;

namespace AkkaStream.Replication;

/// <summary>The replicas of this broker as Cluster and Server see them: they follow the metadata, and they are closed at the end.</summary>
public sealed class ReplicaListener : IMetadataListener
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    readonly IActorRef _supervisor;

    public ReplicaListener(
        ActorSystem system, BrokerId self, ReplicaTable table, ReplicaEnvironment environment, Func<MetadataImage, string, ReplicaConfig> configOf) =>
        _supervisor = system.ActorOf(Props.Create(() => new ReplicaSupervisor(self, table, environment, configOf)), "replicas");

    public ValueTask OnMetadata(MetadataImage image, MetadataDelta delta) =>
        new(_supervisor.Ask<MetadataTaken>(new TakeMetadata(image, delta), Patience).AsTask());

    public ValueTask CloseAsync() => new(_supervisor.Ask<AllReplicasClosed>(CloseAllReplicas.Instance, Patience).AsTask());
}
