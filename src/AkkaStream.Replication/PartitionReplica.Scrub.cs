using AkkaStream.Actors;

namespace AkkaStream.Replication;

/// <summary>The replica's part in the checking of its log; see <see cref="LogScrubber"/>.</summary>
sealed partial class PartitionReplica
{
    void OnBeginScrub()
    {
        if (_log is null && !IsOffline && self.Closing is null)
        {
            WaitForLog(BeginScrub.Instance);
            return;
        }
        Sender.Tell(new ScrubBegun(self, IsOffline ? null : _log?.View));
        RestIfUnwanted(); // what is read of it is opened again as it is needed
    }

    void OnDamageFound(DamageFound found)
    {
        if (_log is not { } log) return;
        log.NoteDamage(found.Damage);
        CountDamage(log.View.DamagedStretches);
        if (_isWanted) self.Show(log.View);
    }

    void CountDamage(int now)
    {
        if (now != self.DamageCounted) ReplicationMetrics.Damaged.Add(now - self.DamageCounted);
        self.DamageCounted = now;
    }

    /// <summary>What reads well again is served again.</summary>
    void OnScrubEnded(ScrubEnded ended)
    {
        if (self.Closing is not null) return;
        CountDamage(ended.Damage.Length);
        if (_log is not { } log) return;
        log.ReplaceDamage(ended.Damage);
        if (_isWanted) self.Show(log.View);
    }
}
