using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;
using AkkaStream.Protocol.Wire;

namespace AkkaStream.Cluster.Controller;

/// <summary>Brokers that come, go and stop.</summary>
public sealed partial class ControllerState
{
    Decision RegisterBroker(BrokerRegistrationRequest request)
    {
        static Decision Refused(ErrorCode error) => Decision.Of(new BrokerRegistrationResponse { ErrorCode = error });

        var id = new BrokerId(request.BrokerId);
        if (request.ClusterId != _settings.ClusterId) return Refused(ErrorCode.InconsistentClusterId);
        if (HasDirectoryOfAnother(id, request.LogDirs)) return Refused(ErrorCode.InvalidRegistration);
        if (!SupportsFinalised(request.Features)) return Refused(ErrorCode.UnsupportedVersion);

        BrokerImage? before = Image.Brokers.Find(id);
        bool isSameLife = before?.IncarnationId == request.IncarnationId;
        bool fenced = isSameLife ? before is { Fenced: true } : !_settings.RegistersUnfenced;
        long epoch = isSameLife && before is not null ? before.Epoch.Value : NextRevision.Value;
        var records = new List<IStoredMessage>();
        if (fenced && before is { Fenced: false })
            records.AddRange(ChangesWithout(id, request.PreviousBrokerEpoch == before.Epoch.Value ? null : id));
        records.Add(Registration(request, epoch, fenced));
        if (!fenced) records.AddRange(ChangesWith(id));
        return new Decision(new BrokerRegistrationResponse { BrokerEpoch = epoch }, records);
    }

    /// <summary>One directory of two brokers is a copied directory: each would take the other's replicas for its own.</summary>
    bool HasDirectoryOfAnother(BrokerId id, Uuid[] directories) =>
        Image.Brokers.All.Any(b => b.Id != id && b.LogDirs.Wire.Intersect(directories).Any());

    bool SupportsFinalised(BrokerRegistrationRequestFeature[] features) => Image.Features.Levels.All(level =>
        features.Any(f => f.Name == level.Feature && new FeatureRange(f.MinSupportedVersion, f.MaxSupportedVersion).Contains(level.Level)));

    static RegisterBrokerRecord Registration(BrokerRegistrationRequest request, long epoch, bool fenced) => new()
    {
        BrokerId = request.BrokerId,
        IncarnationId = request.IncarnationId,
        BrokerEpoch = epoch,
        EndPoints = Array.ConvertAll(request.Listeners, l => new RegisterBrokerRecordEndpoint
        {
            Name = l.Name,
            Host = l.Host,
            Port = l.Port,
            SecurityProtocol = l.SecurityProtocol,
        }),
        Features = Array.ConvertAll(request.Features, f => new RegisterBrokerRecordFeature
        {
            Name = f.Name,
            MinSupportedVersion = f.MinSupportedVersion,
            MaxSupportedVersion = f.MaxSupportedVersion,
        }),
        Rack = request.Rack,
        Fenced = fenced,
        LogDirs = request.LogDirs,
    };

    /// <summary>The broker may not lead any more: its partitions get other leaders where they can, and go on without it in sync.</summary>
    /// <param name="stoppedUncleanly">The same broker if it may have lost what it had acknowledged.</param>
    IEnumerable<IStoredMessage> ChangesWithout(BrokerId broker, BrokerId? stoppedUncleanly) => ChangesOf(
        p => p.Leader == broker || p.Isr.Contains(broker) || (stoppedUncleanly is { } lost && p.EligibleLeaders.Contains(lost)),
        (topic, p) => Change(topic, p, mayLead: b => b != broker && MayLead(b), stoppedUncleanly: stoppedUncleanly)
            .To(members => members with { Isr = members.Isr.Without(broker) }));

    /// <summary>The broker may lead again: partitions that had to be without a leader may take it.</summary>
    IEnumerable<IStoredMessage> ChangesWith(BrokerId broker) => ChangesOf(
        p => !p.HasLeader && p.Replicas.Contains(broker),
        (topic, p) => Change(topic, p, mayLead: b => b == broker || MayLead(b)));

    IEnumerable<IStoredMessage> ChangesOf(Func<PartitionImage, bool> matches, Func<TopicImage, int, PartitionChange> change)
    {
        foreach (TopicImage topic in Image.Topics.All)
            for (int p = 0; p < topic.Partitions.Length; p++)
                if (matches(topic.Partitions[p]) && change(topic, p).ToRecord() is { } record) yield return record;
    }

    Decision Heartbeat(BrokerHeartbeatRequest request)
    {
        var id = new BrokerId(request.BrokerId);
        ErrorCode error = CheckEpoch(id, request.BrokerEpoch);
        if (error != ErrorCode.None || Image.Brokers.Find(id) is not { } broker)
            return Decision.Of(new BrokerHeartbeatResponse { ErrorCode = error });
        bool isCaughtUp = request.CurrentMetadataOffset >= broker.Epoch.Value;
        if (request.WantShutDown) return StopBroker(broker, isCaughtUp);

        var records = new List<IStoredMessage>();
        bool fenced = request.WantFence || (broker.Fenced && !isCaughtUp);
        if (fenced && !broker.Fenced) records.AddRange(ChangesWithout(id, stoppedUncleanly: null));
        if (fenced != broker.Fenced) records.Add(RegistrationChange(broker, fenced: fenced));
        if (!fenced && broker.Fenced) records.AddRange(ChangesWith(id));
        return new Decision(new BrokerHeartbeatResponse { IsCaughtUp = isCaughtUp, IsFenced = fenced }, records);
    }

    /// <summary>
    /// A broker that stops gives away what others can lead. When it is the last one alive there is nobody to give to: it
    /// may stop at once, and its partitions wait for it as they are.
    /// </summary>
    Decision StopBroker(BrokerImage broker, bool isCaughtUp)
    {
        bool isLast = !Image.Brokers.All.Any(b => b.Id != broker.Id && b.MayLead);
        var records = new List<IStoredMessage>();
        if (!isLast && !broker.InControlledShutdown)
        {
            records.Add(RegistrationChange(broker, inControlledShutdown: true));
            records.AddRange(ChangesWithout(broker.Id, stoppedUncleanly: null));
        }

        return new Decision(new BrokerHeartbeatResponse
        {
            IsCaughtUp = isCaughtUp,
            IsFenced = broker.Fenced,
            ShouldShutDown = isLast || broker.InControlledShutdown,
        }, records);
    }

    static BrokerRegistrationChangeRecord RegistrationChange(BrokerImage broker, bool? fenced = null, bool? inControlledShutdown = null)
    {
        static sbyte Told(bool? change) => change switch { true => 1, false => -1, null => 0 };

        return new BrokerRegistrationChangeRecord
        {
            BrokerId = broker.Id.Value,
            BrokerEpoch = broker.Epoch.Value,
            Fenced = Told(fenced),
            InControlledShutdown = Told(inControlledShutdown),
        };
    }

    Decision UnregisterBroker(UnregisterBrokerRequest request)
    {
        var id = new BrokerId(request.BrokerId);
        if (Image.Brokers.Find(id) is not { } broker)
            return Decision.Of(new UnregisterBrokerResponse
            {
                ErrorCode = ErrorCode.BrokerIdNotRegistered,
                ErrorMessage = $"Broker ID {id} is not currently registered",
            });

        // Kafka forgets a living broker too, and leaves it unable to serve; that is never what was meant.
        if (!broker.Fenced)
            return Decision.Of(new UnregisterBrokerResponse
            {
                ErrorCode = ErrorCode.InvalidRequest,
                ErrorMessage = $"Broker {id} is alive. Stop it before it is unregistered",
            });
        return new Decision(new UnregisterBrokerResponse { ErrorMessage = null },
            [.. ChangesWithout(id, stoppedUncleanly: id), new UnregisterBrokerRecord { BrokerId = id.Value, BrokerEpoch = broker.Epoch.Value }]);
    }
}
