using AkkaStream.Log;
using AkkaStream.Protocol;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Handlers;

/// <summary>
/// One batch on its way to another codec, because the topic has a compression.type of its own. A full unpack and pack: it runs on
/// the work lane, and the batch goes to its replica from there.
/// </summary>
sealed class Repacking(
    ProduceDesk desk, LocalReplica replica, ProducedBatch batch, LogConfig config, ProduceRequestState request, int index) : IThreadPoolWorkItem
{
    public void Execute()
    {
        var packed = batch;
        var owner = Repack(ref packed);
        if (packed.Error == ErrorCode.None)
        {
            request.Own(index, owner);
            desk.AppendRepacked(replica, packed, request, index);
        }
        else
        {
            owner?.Dispose();
            request.OnAppended(index, packed, Offset.Unknown);
        }
        request.OnRepacked();
    }

    BatchRecompressor? Repack(ref ProducedBatch packed)
    {
        try
        {
            return BatchRecompressor.Run(ref packed, config);
        }
        catch (Exception e)
        {
            BrokerTrace.NotRepacked(desk.Node.Log, replica.Name.DirectoryName, e);
            packed.Refuse(ErrorCode.UnknownServerError, BatchFault.NotRecompressible);
            return null;
        }
    }
}
