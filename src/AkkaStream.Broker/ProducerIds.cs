using AkkaStream.Cluster.Controller;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Messages;

namespace AkkaStream.Broker;

/// <summary>
/// Hands out producer ids from a block that the controller has noted as taken before the first of it leaves here: an id is never
/// used twice, whatever stops when. One block at a time is fetched, for all who wait. Any thread.
/// </summary>
sealed class ProducerIds(BrokerNode node)
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly Lock _lock = new();
    long _next, _end;
    Task<ErrorCode>? _fetching;

    public async ValueTask<(ErrorCode Error, ProducerId Id)> NextAsync()
    {
        while (true)
        {
            Task<ErrorCode> fetching;
            lock (_lock)
            {
                if (_next < _end) return (ErrorCode.None, new ProducerId(_next++));
                fetching = _fetching ??= FetchAsync();
            }
            var error = await fetching.ConfigureAwait(false);
            if (error != ErrorCode.None) return (error, ProducerId.None);
        }
    }

    async Task<ErrorCode> FetchAsync()
    {
        // The caller stores this task while it holds the lock: what follows must not run before that.
        await Task.Yield();
        var epoch = node.Image.Brokers.Find(node.Id)?.Epoch ?? BrokerEpoch.Unknown;
        var block = await node.Controller.Ask(
            new AllocateProducerIdsRequest { BrokerId = node.Id.Value, BrokerEpoch = epoch.Value }, 0, new RequestOrigin(node.Id), Patience)
            .ConfigureAwait(false);
        lock (_lock)
        {
            if (block.ErrorCode == ErrorCode.None) (_next, _end) = (block.ProducerIdStart, block.ProducerIdStart + block.ProducerIdLen);
            _fetching = null;
        }
        return block.ErrorCode;
    }
}
