using AkkaStream.Coordinators.Groups;
using AkkaStream.Protocol;
using AkkaStream.Protocol.Records;
using AkkaStream.Protocol.Stored;
using AkkaStream.Replication;

namespace AkkaStream.Broker.Coordinators;

/// <summary>Becoming the coordinator, and ceasing to be it.</summary>
sealed partial class CoordinatorActor
{
    void OnTakeOver(TakeOver lead)
    {
        if (_post.Leads == lead) return;
        Forget(ErrorCode.NotCoordinator);
        _post.Leads = lead;
        BeginLoading();
    }

    void OnResign()
    {
        if (_post.Leads is null) return;
        BrokerTrace.GroupsResigned(_host.Log, _partition, _shard?.Groups.Count ?? 0);
        Forget(ErrorCode.NotCoordinator);
        _post.Leads = null;
    }

    void BeginLoading() => _post.Leads?.Replica.Actor.Tell(OpenReplica.Instance, Self);

    void OnOpened(ReplicaOpened opened)
    {
        if (_post.Leads is not { } lead || _shard is not null) return;
        if (opened.View is not { } view)
        {
            BrokerTrace.GroupsNotLoaded(_host.Log, _partition, ErrorCodes.NameOf(opened.Error));
            Timers.StartSingleTimer(LoadAgain.Instance, LoadAgain.Instance, LoadRetry);
            return;
        }
        var me = Self;
        var host = _host;
        int partition = _partition;
        _host.DiskLane.Schedule(new LoadWork(() =>
        {
            var target = new ShardReplay(host.NewShard());
            var outcome = PartitionReplay.Run(
                lead.Replica, view, host.LoadBufferBytes, target,
                (offset, cause) => BrokerTrace.GroupRecordUnreadable(host.Log, partition, offset, cause));
            me.Tell(new Loaded(target.Shard, lead.Epoch, outcome), null);
        }));
    }

    void OnLoaded(Loaded loaded)
    {
        if (_post.Leads is not { } lead || lead.Epoch != loaded.Epoch || _shard is not null) return;
        if (loaded.Outcome.Damage is { } damage)
        {
            BrokerTrace.GroupsNotLoaded(_host.Log, _partition, damage);
            Timers.StartSingleTimer(LoadAgain.Instance, LoadAgain.Instance, LoadRetry);
            return;
        }
        _shard = loaded.Shard;
        _journal = new PartitionJournal(lead.Replica, lead.Epoch, Self, (CompressionCodec)_host.CompressionCodec);
        if (loaded.Outcome.Records > 0)
            BrokerTrace.GroupsLoaded(_host.Log, _partition, lead.Epoch.Value, _shard.Groups.Count, loaded.Outcome.Records, loaded.Outcome.Bytes);
        _host.Refresh(_shard);
        Carry(_shard.OnLoaded(_host.Now()), caller: null);
    }

    sealed class ShardReplay(GroupShard shard) : IReplayTarget
    {
        public GroupShard Shard => shard;

        public void OnRecord(ReadOnlyMemory<byte> key, ReadOnlyMemory<byte>? value, ProducerId producer)
        {
            if (StoredTable.ReadGroupKey(key) is not { } known) return;
            var read = value is { } bytes ? StoredTable.ReadGroupValue(known.Id, bytes) : null;
            // A value that a newer broker wrote in a form unknown here says nothing; a tombstone does.
            if (value is null || read is not null) shard.Replay(known, read, producer);
        }

        public void OnTransactionEnd(ProducerId producer, bool committed) => shard.EndTransaction(producer, committed);
    }

    sealed class LoadWork(Action load) : IThreadPoolWorkItem
    {
        public void Execute() => load();
    }
}
