using AkkaStream.Actors;
using AkkaStream.Log;

namespace AkkaStream.Replication;

/// <summary>What the keeper has done to the log now and then; see <see cref="LogKeeper"/>.</summary>
sealed partial class PartitionReplica
{
    void OnTend(TendLog tend)
    {
        if (IsOffline || self.Closing is not null) return;
        if (_log is not { } log)
        {
            if (tend.Duty == LogDuty.Retention) WaitForLog(tend);
            return;
        }
        switch (tend.Duty)
        {
            case LogDuty.Retention: LetGoOfOld(log, tend.NowMs); break;
            case LogDuty.Producers: ForgetProducers(log, tend.NowMs); break;
            case LogDuty.Sync: StartSync(); break;
            case LogDuty.Unlink:
                log.UnlinkDeleted(tend.NowMs);
                AskForUnlinking(log);
                break;
        }
        RestIfUnwanted();
    }

    void LetGoOfOld(PartitionLog log, long nowMs)
    {
        try
        {
            var plan = log.ApplyRetention(nowMs);
            if (plan.DeleteCount == 0) return;
            CountDamage(log.View.DamagedStretches);
            if (_isWanted) self.Publish(log.View);
            if (plan.RollsFirst) StartSync();
            AskForUnlinking(log);
        }
        catch (IOException failure)
        {
            ReplicationTrace.NotRetained(environment.Log, self, failure.Message);
        }
    }

    void ForgetProducers(PartitionLog log, long nowMs)
    {
        int forgotten = log.RemoveExpiredProducers(nowMs);
        if (forgotten > 0) ReplicationTrace.ProducersForgotten(environment.Log, self, forgotten);
    }

    void AskForUnlinking(PartitionLog log)
    {
        if (log.NextUnlinkMs is { } due) environment.Keeper.Tell(new TendAt(LogDuty.Unlink, self, due));
    }
}
