using AkkaStream.Metadata;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;
using AkkaStream.Protocol.Stored;

namespace AkkaStream.Cluster.Controller;

/// <summary>
/// Producer ids in blocks. The record that ends a block is committed before its first id is handed out, so that no id is
/// ever used twice, whoever stops when.
/// </summary>
public sealed partial class ControllerState
{
    const int ProducerIdBlock = 1_000;

    Decision AllocateProducerIds(AllocateProducerIdsRequest request)
    {
        var broker = new BrokerId(request.BrokerId);
        ErrorCode error = CheckEpoch(broker, request.BrokerEpoch);
        long start = Image.NextProducerId.Value;
        if (error == ErrorCode.None && start > long.MaxValue - ProducerIdBlock) error = ErrorCode.UnknownServerError;
        if (error != ErrorCode.None) return Decision.Of(new AllocateProducerIdsResponse { ErrorCode = error });
        var record = new ProducerIdsRecord
        {
            BrokerId = request.BrokerId,
            BrokerEpoch = request.BrokerEpoch,
            NextProducerId = start + ProducerIdBlock,
        };
        return new Decision(new AllocateProducerIdsResponse { ProducerIdStart = start, ProducerIdLen = ProducerIdBlock }, [record]);
    }

    /// <summary>A broker of the past is fenced by the epoch that it asks with.</summary>
    ErrorCode CheckEpoch(BrokerId broker, long epoch) =>
        Image.Brokers.Find(broker) is not { } registered ? ErrorCode.BrokerIdNotRegistered
        : registered.Epoch.Value != epoch ? ErrorCode.StaleBrokerEpoch
        : ErrorCode.None;
}
